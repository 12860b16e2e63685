using System.Globalization;
using Spectre.Console;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// A row a call, which has no room for an explanation. A long stream is shown as several tables, so that it needn't be held.
/// </summary>
internal sealed class TableDecisionOutput(CommandEnvironment environment) : IDecisionOutput
{
    private const int RowsPerTable = 100;

    private Table _table = NewTable();
    private long _number;

    public void Write(in ToolCallDecision decision, string? expected, ToolCallExplanation? explanation) =>
        Add(
            (++_number).ToString(CultureInfo.InvariantCulture),
            decision.ToolName,
            decision.GrantId,
            decision.Outcome.ToWireString(),
            decision.IsAllowed ? Color.Green : Color.Red,
            decision.Code.ToWireString(),
            decision.Rule,
            DurationText.Of(decision.RetryAfter),
            decision.Message);

    public void WriteEvent(string name, bool isOk, string? reason = null) =>
        Add("", name, "", isOk ? "ok" : "not ok", isOk ? Color.Green : Color.Red, reason ?? "", "", "", "");

    public void Dispose() => Show();

    private static Table NewTable() =>
        PlainTable.Create("#", "tool", "grant", "outcome", "code", "rule", "retry after", "message");

    private void Add(
        string number, string tool, string grant, string outcome, Color color, string code, string rule, string retryAfter, string? message)
    {
        _table.AddRow(
            PlainTable.Cell(number),
            PlainTable.Cell(tool),
            PlainTable.Cell(grant),
            PlainTable.Cell(outcome, color),
            PlainTable.Cell(code),
            PlainTable.Cell(rule),
            PlainTable.Cell(retryAfter),
            PlainTable.Cell(message));
        if (_table.Rows.Count == RowsPerTable)
        {
            Show();
            _table = NewTable();
        }
    }

    private void Show()
    {
        if (_table.Rows.Count > 0)
        {
            PlainTable.Write(_table, environment);
        }
    }
}
