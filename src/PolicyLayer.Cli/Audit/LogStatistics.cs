using System.Globalization;
using System.Text;
using PolicyLayer.Cli.Output;
using Spectre.Console;

namespace PolicyLayer.Cli.Audit;

/// <summary>Counts what records say, for people: who, which tool, which rule, how often.</summary>
internal sealed class LogStatistics
{
    private const int MaxRows = 20;
    private const int MaxName = 512;

    private readonly Dictionary<string, Counts> _grants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Counts> _tools = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Code, string Rule), long> _reasons = [];
    private long _records;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;

    public void Add(LogRecord record)
    {
        _records++;
        if (record.Time is { } time)
        {
            _first = time < _first ? time : _first ?? time;
            _last = time > _last ? time : _last ?? time;
        }

        bool isCorrection = record.Kind == "correction";
        if (record.Kind != "decision" && !isCorrection)
        {
            return;
        }

        CountsOf(_grants, Cut(record.Grant)).Add(record.Outcome, isCorrection);
        CountsOf(_tools, Cut(record.Tool)).Add(record.Outcome, isCorrection);
        (string, string) reason = (Cut(record.Code), Cut(record.Rule));
        _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
    }

    public void Write(CommandEnvironment environment)
    {
        if (_records == 0)
        {
            environment.Error.WriteLine("The log has no records.");
            return;
        }

        string records = _records == 1 ? "1 record" : string.Create(CultureInfo.InvariantCulture, $"{_records} records");
        string span = _first is { } first ? $", {ApprovalWords.MomentOf(first)} to {ApprovalWords.MomentOf(_last!.Value)} UTC" : "";
        environment.Output.Write(Encoding.UTF8.GetBytes($"{records}{span}\n"));
        WriteCounts("grant", _grants, environment);
        WriteCounts("tool", _tools, environment);
        WriteReasons(environment);
    }

    // Longer than what sinks write of names, so that a log of nobody knows whose takes no more memory than it has names.
    private static string Cut(string name) => name.Length <= MaxName ? name : name[..MaxName];

    private static Counts CountsOf(Dictionary<string, Counts> all, string name)
    {
        if (!all.TryGetValue(name, out Counts? counts))
        {
            all.Add(name, counts = new Counts());
        }

        return counts;
    }

    private static void WriteCounts(string what, Dictionary<string, Counts> all, CommandEnvironment environment)
    {
        Table table = PlainTable.Create(what, "calls", "allowed", "denied", "asked", "corrected");
        var rows = all.OrderByDescending(row => row.Value.Calls).ThenBy(row => row.Key, StringComparer.Ordinal);
        foreach ((string name, Counts counts) in rows.Take(MaxRows))
        {
            table.AddRow(
                PlainTable.Cell(VisibleText.OfQuotedName(name)),
                Number(counts.Calls),
                Number(counts.Allowed),
                Number(counts.Denied),
                Number(counts.Asked),
                Number(counts.Corrected));
        }

        Write(table, all.Count, environment);
    }

    private void WriteReasons(CommandEnvironment environment)
    {
        Table table = PlainTable.Create("code", "rule", "records");
        var rows = _reasons.OrderByDescending(row => row.Value)
            .ThenBy(row => row.Key.Code, StringComparer.Ordinal)
            .ThenBy(row => row.Key.Rule, StringComparer.Ordinal);
        foreach (((string code, string rule), long count) in rows.Take(MaxRows))
        {
            table.AddRow(PlainTable.Cell(VisibleText.OfName(code)), PlainTable.Cell(VisibleText.OfName(rule)), Number(count));
        }

        Write(table, _reasons.Count, environment);
    }

    private static void Write(Table table, int rows, CommandEnvironment environment)
    {
        if (rows > 0)
        {
            PlainTable.Write(table, environment);
        }

        if (rows > MaxRows)
        {
            string more = string.Create(CultureInfo.InvariantCulture, $"  and {rows - MaxRows} more\n");
            environment.Output.Write(Encoding.UTF8.GetBytes(more));
        }
    }

    private static Spectre.Console.Text Number(long count) => PlainTable.Cell(count.ToString(CultureInfo.InvariantCulture));

    private sealed class Counts
    {
        public long Calls { get; private set; }

        public long Allowed { get; private set; }

        public long Denied { get; private set; }

        public long Asked { get; private set; }

        /// <summary>Allows that became denials. Whether the log has the allow isn't known.</summary>
        public long Corrected { get; private set; }

        public void Add(string outcome, bool isCorrection)
        {
            if (isCorrection)
            {
                Corrected++;
                return;
            }

            Calls++;
            Allowed += outcome == "allow" ? 1 : 0;
            Denied += outcome == "deny" ? 1 : 0;
            Asked += outcome == "approval_required" ? 1 : 0;
        }
    }
}
