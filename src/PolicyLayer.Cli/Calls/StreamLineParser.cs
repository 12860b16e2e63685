using PolicyLayer.Text;

namespace PolicyLayer.Cli.Calls;

/// <summary>Reads one line: strict, as a test that is misread is worse than none.</summary>
internal static class StreamLineParser
{
    /// <summary>What a line may expect, as it is written.</summary>
    private static readonly string[] Expectations =
    [
        .. Enum.GetValues<DecisionOutcome>().Select(outcome => outcome.ToWireString()),
        .. Enum.GetValues<DecisionCode>().Select(code => code.ToWireString()),
    ];

    /// <exception cref="FormatException">The line isn't one of the stream's; the message says why, without values of arguments.</exception>
    public static StreamLine Parse(ReadOnlyMemory<byte> line)
    {
        Dictionary<string, ReadOnlyMemory<byte>> members = LineMembers.Read(line);
        return LineKinds.FindEvent(members.Keys) switch
        {
            "complete" => new CompleteLine(Text(members, "complete")!, ReadOutcome(members)),
            "advance" => new AdvanceLine(ReadDuration(Text(members, "advance")!)),
            "approve" => ReadAnswer(members, "approve", isApproved: true),
            "refuse" => ReadAnswer(members, "refuse", isApproved: false),
            "revoke" => new RevokeLine(ReadGrant(members, "revoke")!),
            _ => ReadCall(members),
        };
    }

    private static AnswerLine ReadAnswer(Dictionary<string, ReadOnlyMemory<byte>> members, string name, bool isApproved) =>
        new(Text(members, name)!, isApproved) { By = Text(members, "by"), Reason = Text(members, "reason") };

    private static CallLine ReadCall(Dictionary<string, ReadOnlyMemory<byte>> members) =>
        new(Text(members, "tool") ?? throw new FormatException("The line names no `tool`, and no event."))
        {
            Arguments = Raw(members, "arguments"),
            Context = Raw(members, "context"),
            Grant = ReadGrant(members, "grant"),
            Session = Text(members, "session"),
            SessionSource = Text(members, "session_source") is { } source ? ReadSource(source) : SessionSource.Host,
            Server = Text(members, "server"),
            Continues = Text(members, "continues"),
            At = Text(members, "at") is { } at ? ReadTime(at) : null,
            Expect = Text(members, "expect") is { } expected ? ReadExpectation(expected) : null,
            Name = Text(members, "name"),
            Description = Text(members, "description"),
        };

    // A plain null would become empty memory, which is malformed and not absent.
    private static ReadOnlyMemory<byte>? Raw(Dictionary<string, ReadOnlyMemory<byte>> members, string name) =>
        members.TryGetValue(name, out ReadOnlyMemory<byte> value) ? value : default(ReadOnlyMemory<byte>?);

    private static string? Text(Dictionary<string, ReadOnlyMemory<byte>> members, string name) =>
        members.TryGetValue(name, out ReadOnlyMemory<byte> value)
            ? LineMembers.ReadString(value.Span) ?? throw new FormatException($"`{name}` must be a string.")
            : null;

    private static ToolCallOutcome ReadOutcome(Dictionary<string, ReadOnlyMemory<byte>> members) =>
        WireNames.TryParse(Text(members, "outcome"), out ToolCallOutcome outcome)
            ? outcome
            : throw new FormatException("`outcome` must be `succeeded`, `failed` or `not_executed`.");

    private static string? ReadGrant(Dictionary<string, ReadOnlyMemory<byte>> members, string name)
    {
        string? grant = Text(members, name);
        return grant is "" ? throw new FormatException($"`{name}` must not be empty.") : grant;
    }

    private static SessionSource ReadSource(string text) =>
        WireNames.TryParse(text, out SessionSource source)
            ? source
            : throw new FormatException("`session_source` must be `host`, `claim`, `header`, `mcp_session` or `process`.");

    private static string ReadExpectation(string text) =>
        Expectations.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new FormatException(
                $"{QuotedText.Of(text)} is neither an outcome nor a code. Help: " + (Spelling.Suggest(text, Expectations)
                    ?? "expect `allow`, `deny`, `approval_required`, or a code such as `limit_exceeded`."));

    private static DateTimeOffset ReadTime(string text) =>
        MomentText.TryParse(text, out DateTimeOffset time)
            ? time
            : throw new FormatException($"{QuotedText.Of(text)} is not a time such as `2026-01-01T00:00:00Z`.");

    private static TimeSpan ReadDuration(string text) => TimeText.TryParse(text, out TimeSpan time)
        ? time
        : throw new FormatException($"{QuotedText.Of(text)} is not a duration such as `90s`. Help: a whole number and {TimeText.Units}.");
}
