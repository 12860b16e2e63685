namespace PolicyLayer.Cli.Audit;

/// <summary>The order of what was counted: what was there most often comes first.</summary>
internal static class StatisticsRows
{
    public static IEnumerable<KeyValuePair<string, RecordCounts>> Of(CountsByName<string> all) =>
        all.Names.OrderByDescending(row => row.Value.Calls).ThenBy(row => row.Key, StringComparer.Ordinal);

    public static IEnumerable<KeyValuePair<(string Code, string Rule), RecordCounts>> Of(CountsByName<(string Code, string Rule)> all) =>
        all.Names.OrderByDescending(row => row.Value.Records)
            .ThenBy(row => row.Key.Code, StringComparer.Ordinal)
            .ThenBy(row => row.Key.Rule, StringComparer.Ordinal);
}
