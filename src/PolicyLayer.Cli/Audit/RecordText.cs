using System.Globalization;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>A line of a log as a person reads it, in one line. Names are agents': what can't be seen in them is marked.</summary>
internal static class RecordText
{
    public static string Of(LogRecord? record)
    {
        if (record is null)
        {
            return "(no line of a log)";
        }

        string time = record.Time is { } moment ? ApprovalWords.MomentOf(moment) + " UTC" : "(no time)";
        IEnumerable<string> parts = [record.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "(no number)", time, .. Parts(record)];
        return string.Join("  ", parts.Where(part => part.Length > 0));
    }

    private static IEnumerable<string> Parts(LogRecord record)
    {
        if (record.Kind == "recovery")
        {
            return [$"recovery: {Name(record, "cut_bytes")} bytes of a torn line were cut off"];
        }

        string call = $"{Name(record, "tool")} ({Name(record, "grant")})";
        return record.Kind switch
        {
            "decision" => [call, $"{Name(record, "outcome")} {Name(record, "code")}", Name(record, "rule")],
            "completion" => [call, Name(record, "status")],
            "approval" => [call, Noun("approval", record, "approval_id"), Name(record, "status"), Answerer(record)],
            _ => [call, Name(record, "kind"), $"{Name(record, "outcome")} {Name(record, "code")}"],
        };
    }

    private static string Answerer(LogRecord record) => Name(record, "answered_by").Length > 0 ? Noun("by", record, "answered_by") : "";

    private static string Noun(string word, LogRecord record, string member) => $"{word} {Name(record, member)}".TrimEnd();

    private static string Name(LogRecord record, string member) =>
        record.Text(member) is { Length: > 0 } text ? VisibleText.OfQuotedName(text) : "";
}
