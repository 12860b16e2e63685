using System.Globalization;
using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// A row a call, which has no room for an explanation. A long stream is shown as several tables, so that it needn't be held; from the
/// first one on that doesn't fit, calls are shown as a list.
/// </summary>
internal sealed class TableDecisionOutput(CommandEnvironment environment) : IDecisionOutput
{
    private const int RowsPerTable = 100;

    private readonly List<DecisionRow> _rows = [];
    private ListDecisionOutput? _list;
    private long _shown;

    public void Write(in ToolCallDecision decision, CallLine? line, ToolCallExplanation? explanation) =>
        Add(new DecisionRow { Decision = decision, Line = line });

    public void WriteEvent(string name, bool isOk, string? reason = null) =>
        Add(new DecisionRow { Event = name, IsOk = isOk, Reason = reason });

    public void Flush()
    {
        if (_rows.Count == 0)
        {
            return;
        }

        if (_list is null && !NewTable().TryWrite(environment))
        {
            _list = new ListDecisionOutput(environment, _shown);
        }

        foreach (DecisionRow row in _rows)
        {
            _shown += row.Event is null ? 1 : 0;
            if (_list is not null)
            {
                Show(row, _list);
            }
        }

        _rows.Clear();
    }

    public void Dispose() => _list?.Dispose();

    private void Add(in DecisionRow row)
    {
        _rows.Add(row);
        if (_rows.Count == RowsPerTable)
        {
            Flush();
        }
    }

    private static void Show(in DecisionRow row, ListDecisionOutput list)
    {
        if (row.Event is { } name)
        {
            list.WriteEvent(name, row.IsOk, row.Reason);
        }
        else
        {
            list.Write(row.Decision, row.Line, explanation: null);
        }
    }

    private PlainTable NewTable()
    {
        // A column that nobody has something for would cost the others room.
        bool hasNames = _rows.Exists(row => row.Line?.Name is { Length: > 0 });
        var table = new PlainTable(
            ["#", .. hasNames ? ["name"] : Array.Empty<string>(), "tool", "grant", "outcome", "code", "rule", "retry after", "message"]);
        long number = _shown;
        foreach (DecisionRow row in _rows)
        {
            number += row.Event is null ? 1 : 0;
            TableCell[] name = hasNames ? [PlainTable.Cell(row.Line?.Name)] : [];
            table.AddRow(row.Event is null ? CellsOf(row.Decision, name, number) : CellsOf(row, name));
        }

        return table;
    }

    private static TableCell[] CellsOf(in ToolCallDecision decision, TableCell[] name, long number) =>
    [
        PlainTable.Cell(number.ToString(CultureInfo.InvariantCulture)),
        .. name,
        PlainTable.Cell(decision.ToolName),
        PlainTable.Cell(decision.GrantId),
        PlainTable.Cell(decision.Outcome.ToWireString(), decision.IsAllowed),
        PlainTable.Cell(decision.Code.ToWireString()),
        PlainTable.Cell(decision.Rule),
        PlainTable.Cell(DurationText.Of(decision.RetryAfter)),
        PlainTable.Cell(decision.Message),
    ];

    private static TableCell[] CellsOf(in DecisionRow row, TableCell[] name) =>
    [
        PlainTable.Cell(""),
        .. name,
        PlainTable.Cell(row.Event),
        PlainTable.Cell(""),
        PlainTable.Cell(row.IsOk ? "ok" : "not ok", row.IsOk),
        PlainTable.Cell(row.Reason),
        PlainTable.Cell(""),
        PlainTable.Cell(""),
        PlainTable.Cell(""),
    ];
}
