namespace PolicyLayer.Cli.Audit;

/// <summary>Which records are exported. One without a time is in no span of time.</summary>
/// <param name="From">The first moment; null for all before <paramref name="To"/>.</param>
/// <param name="To">The first moment that isn't exported any more; null for all since <paramref name="From"/>.</param>
/// <param name="Grant">Only calls of this grant; null for all.</param>
/// <param name="Tool">Only calls of this tool; null for all.</param>
internal sealed record RecordFilter(DateTimeOffset? From, DateTimeOffset? To, string? Grant, string? Tool)
{
    public bool Includes(LogRecord record) =>
        IsInTime(record.Time) && (Grant is null || record.Grant == Grant) && (Tool is null || record.Tool == Tool);

    private bool IsInTime(DateTimeOffset? time) =>
        (From is null && To is null) || (time is { } moment && !(moment < From) && !(moment >= To));
}
