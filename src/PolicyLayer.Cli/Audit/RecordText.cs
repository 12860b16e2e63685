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

        if (record.Kind == "reload")
        {
            return ReloadParts(record);
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

    private static IEnumerable<string> ReloadParts(LogRecord record)
    {
        if (Name(record, "policy").Length == 0)
        {
            string changed = $"{Number(record, "grants_changed")} changed, {Number(record, "grants_removed")} removed";
            return [$"reload: {Number(record, "grants_added")} grants added, {changed}"];
        }

        string revision = Name(record, "revision");
        string what = revision.Length == 0 ? "is gone" : $"has revision {revision}";
        return
        [
            $"reload: {Name(record, "policy")} {what}",
            Name(record, "previous_revision") is { Length: > 0 } before ? $"before {before}" : "",
            Name(record, "became_first").Length > 0 ? "the first now" : "",
            Count("counters begin anew", record, "new_counters"),
            Count("marks begin anew", record, "new_marks"),
        ];
    }

    private static string Count(string words, LogRecord record, string member) =>
        record.Count(member) is > 0 and var count ? string.Create(CultureInfo.InvariantCulture, $"{count} {words}") : "";

    private static string Number(LogRecord record, string member) => Name(record, member) is { Length: > 0 } number ? number : "0";

    private static string Answerer(LogRecord record) => Name(record, "answered_by").Length > 0 ? Noun("by", record, "answered_by") : "";

    private static string Noun(string word, LogRecord record, string member) => $"{word} {Name(record, member)}".TrimEnd();

    private static string Name(LogRecord record, string member) =>
        record.Text(member) is { Length: > 0 } text ? VisibleText.OfQuotedName(text) : "";
}
