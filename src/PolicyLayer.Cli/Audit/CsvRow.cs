using System.Buffers;
using System.Text;

namespace PolicyLayer.Cli.Audit;

/// <summary>
/// Records as rows of CSV (RFC 4180, lines ending as all of the tool's do). A cell that a spreadsheet would take for a formula begins with
/// an apostrophe: one that begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, a tabulator or a carriage return.
/// </summary>
internal static class CsvRow
{
    private static readonly string[] Columns =
    [
        "sequence", "time", "kind", "decision_id", "continues", "trace_id", "grant", "grant_label", "session", "session_source", "server",
        "tool", "risk", "outcome", "code", "rule", "rule_name", "message", "policy", "revision", "argument_names", "argument_bytes",
        "arguments_digest", "counters", "approval_id", "answered_by", "retry_after_ms", "status", "duration_ms", "cut_bytes", "shortened",
        "hash",
    ];

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static byte[] Header { get; } = Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\n");

    public static byte[] Of(LogRecord record) =>
        Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => Cell(record.Text(column)))) + "\n");

    private static string Cell(string text)
    {
        string cell = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return cell.AsSpan().ContainsAny(Quoted) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
