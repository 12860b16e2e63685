using System.Buffers;
using System.Text;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>
/// Records as rows of CSV (RFC 4180, lines ending as all of the tool's do), a column for each member that a line may have. A cell that a
/// spreadsheet would take for a formula begins with an apostrophe: one that begins, behind white space at most, with <c>=</c>, <c>+</c>,
/// <c>-</c> or <c>@</c>, wide forms included, or with a tabulator or a carriage return. What can't be seen is marked as in all texts for
/// people.
/// </summary>
internal static class CsvRow
{
    private static readonly string[] Columns =
    [
        "sequence", "previous", "kind", "time", "decision_id", "continues", "trace_id", "grant", "grant_label", "session", "session_source",
        "server", "tool", "risk", "outcome", "code", "rule", "rule_name", "message", "policy", "revision", "previous_revision",
        "became_first", "new_counters", "new_marks", "grants_added", "grants_changed", "grants_removed", "argument_names",
        "argument_bytes", "arguments_digest", "inputs_digest", "counters", "approval_id", "answered_by", "retry_after_ms", "status",
        "uses", "until", "exact", "duration_ms", "cut_bytes", "shortened", "key", "hash",
    ];

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static byte[] Header { get; } = Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\n");

    public static byte[] Of(LogRecord record) =>
        Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => Cell(record.Text(column)))) + "\n");

    private static bool IsFormula(string text) =>
        text is ['\t' or '\r', ..] || text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..];

    private static string Cell(string text)
    {
        string cell = VisibleText.Of(text);
        cell = IsFormula(text) ? "'" + cell : cell;
        return cell.AsSpan().ContainsAny(Quoted) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
