using System.Globalization;
using System.Text;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>Shows people what was counted.</summary>
internal static class StatisticsTables
{
    private const int MaxRows = 20;

    public static void Write(LogStatistics log, CommandEnvironment environment)
    {
        if (log.Records == 0)
        {
            environment.Error.WriteLine("The log has no records.");
            return;
        }

        string records = log.Records == 1 ? "1 record" : string.Create(CultureInfo.InvariantCulture, $"{log.Records} records");
        string span = log.First is { } first ? $", {ApprovalWords.MomentOf(first)} to {ApprovalWords.MomentOf(log.Last!.Value)} UTC" : "";
        environment.Output.Write(Encoding.UTF8.GetBytes($"{records}{span}\n"));
        WriteCounts("grant", log.Grants, environment);
        WriteCounts("tool", log.Tools, environment);
        WriteReasons(log.Reasons, environment);
    }

    private static void WriteCounts(string what, CountsByName<string> all, CommandEnvironment environment)
    {
        var table = new PlainTable(what, "calls", "allowed", "denied", "asked", "corrected");
        foreach ((string name, RecordCounts counts) in StatisticsRows.Of(all).Take(MaxRows))
        {
            table.AddRow(
                PlainTable.Cell(VisibleText.OfQuotedName(name)),
                Number(counts.Calls),
                Number(counts.Allowed),
                Number(counts.Denied),
                Number(counts.Asked),
                Number(counts.Corrected));
        }

        Write(table, all, environment);
    }

    private static void WriteReasons(CountsByName<(string Code, string Rule)> all, CommandEnvironment environment)
    {
        var table = new PlainTable("code", "rule", "records");
        foreach (((string code, string rule), RecordCounts counts) in StatisticsRows.Of(all).Take(MaxRows))
        {
            table.AddRow(PlainTable.Cell(VisibleText.OfName(code)), PlainTable.Cell(VisibleText.OfName(rule)), Number(counts.Records));
        }

        Write(table, all, environment);
    }

    private static void Write<TName>(PlainTable table, CountsByName<TName> all, CommandEnvironment environment)
        where TName : notnull
    {
        int rows = all.Names.Count;
        if (rows > 0)
        {
            table.Write(environment);
        }

        if (rows > MaxRows)
        {
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {rows - MaxRows} more"), environment);
        }

        if (all.Others is { } others)
        {
            WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  and records of names beyond the first {LogStatistics.MaxNames}, counted together: {others.Records}"),
                environment);
        }
    }

    private static TableCell Number(long count) => PlainTable.Cell(count.ToString(CultureInfo.InvariantCulture));

    private static void WriteLine(string line, CommandEnvironment environment) =>
        environment.Output.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
