using System.Globalization;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Between which values an option must lie. Immutable.</summary>
/// <param name="Path">The option's name, from <see cref="PolicyLayerOptions"/> on, with dots.</param>
/// <param name="Read">Its value: a number, or the ticks of a time.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The largest value; that of its type where nothing else bounds it.</param>
/// <param name="IsTime">Whether it is a time.</param>
internal sealed record OptionRange(string Path, Func<PolicyLayerOptions, long> Read, long Least, long Most, bool IsTime)
{
    /// <summary>All options that have a range. The same ranges stand in the core, which a test holds equal.</summary>
    public static IReadOnlyList<OptionRange> All { get; } =
    [
        Time(nameof(PolicyLayerOptions.PollInterval), options => options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)),
        Number(nameof(PolicyLayerOptions.MaxArgumentsBytes), options => options.MaxArgumentsBytes, 2),
        Number(nameof(PolicyLayerOptions.MaxArgumentsDepth), options => options.MaxArgumentsDepth, 1, 1_000),
        Number(nameof(PolicyLayerOptions.MaxWork), options => options.MaxWork, 1, 1_099_511_627_776),
        Number(nameof(PolicyLayerOptions.MaxOpenCalls), options => options.MaxOpenCalls, 1, 1_048_576),
        Timeout(nameof(PolicyLayerOptions.CounterTimeout), options => options.CounterTimeout),
        Timeout(nameof(PolicyLayerOptions.GrantTimeout), options => options.GrantTimeout),
        Timeout(nameof(PolicyLayerOptions.ApprovalTimeout), options => options.ApprovalTimeout),
        UpToADay(nameof(PolicyLayerOptions.ApprovalPendingFor), options => options.ApprovalPendingFor),
        UpToADay(nameof(PolicyLayerOptions.ApprovalValidFor), options => options.ApprovalValidFor),
        Number(nameof(PolicyLayerOptions.MaxPendingApprovals), options => options.MaxPendingApprovals, 1, 100_000),
        UpToADay(nameof(PolicyLayerOptions.ContinuableFor), options => options.ContinuableFor),
        Number(nameof(PolicyLayerOptions.MaxContinuations), options => options.MaxContinuations, 0, 1_000),
        Timeout(nameof(PolicyLayerOptions.AuditTimeout), options => options.AuditTimeout),
        Number("PolicyLoad.MaxBytes", options => options.PolicyLoad.MaxBytes, 1),
        Number("PolicyLoad.MaxDepth", options => options.PolicyLoad.MaxDepth, 1, 1_000),
        Number("PolicyLoad.MaxTools", options => options.PolicyLoad.MaxTools, 1),
        Number("PolicyLoad.MaxWildcardPatterns", options => options.PolicyLoad.MaxWildcardPatterns, 1),
        Number("PolicyLoad.MaxConditionsPerRule", options => options.PolicyLoad.MaxConditionsPerRule, 1),
        Number("PolicyLoad.MaxRegexLength", options => options.PolicyLoad.MaxRegexLength, 1),
        Number("PolicyLoad.MaxRegexStates", options => options.PolicyLoad.MaxRegexStates, 1, 1_000_000),
        Number("PolicyLoad.MaxRegexCacheBytes", options => options.PolicyLoad.MaxRegexCacheBytes, 0, 1024 * 1024 * 1024),
        Number("PolicyLoad.MaxRegexCacheBytesInAll", options => options.PolicyLoad.MaxRegexCacheBytesInAll, 0, long.MaxValue),
        Number("GrantLoad.MaxBytes", options => options.GrantLoad.MaxBytes, 1),
        Number("GrantLoad.MaxDepth", options => options.GrantLoad.MaxDepth, 1, 1_000),
        Number("GrantLoad.MaxGrants", options => options.GrantLoad.MaxGrants, 1),
    ];

    /// <summary>What is wrong with the option, in a sentence; null when nothing is.</summary>
    public string? FailureOf(PolicyLayerOptions options)
    {
        long value = Read(options);
        if (value >= Least && value <= Most)
        {
            return null;
        }

        string range = Most is int.MaxValue or long.MaxValue ? $"{TextOf(Least)} at least" : $"from {TextOf(Least)} to {TextOf(Most)}";
        return $"`{nameof(PolicyLayerOptions)}.{Path}` is {TextOf(value)}, and must be {range}.";
    }

    private static OptionRange Number(string path, Func<PolicyLayerOptions, long> read, long least, long most = int.MaxValue) =>
        new(path, read, least, most, IsTime: false);

    private static OptionRange Time(string path, Func<PolicyLayerOptions, TimeSpan> read, TimeSpan least, TimeSpan most) =>
        new(path, options => read(options).Ticks, least.Ticks, most.Ticks, IsTime: true);

    private static OptionRange Timeout(string path, Func<PolicyLayerOptions, TimeSpan> read) =>
        Time(path, read, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));

    private static OptionRange UpToADay(string path, Func<PolicyLayerOptions, TimeSpan> read) =>
        Time(path, read, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

    private string TextOf(long value) =>
        IsTime ? new TimeSpan(value).ToString("c", CultureInfo.InvariantCulture) : value.ToString("N0", CultureInfo.InvariantCulture);
}
