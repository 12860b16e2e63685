using PolicyLayer.Text;

namespace PolicyLayer.Cli.Calls;

/// <summary>What a line may be, and the members of each kind.</summary>
internal static class LineKinds
{
    // A line may have any number of members; so many are compared with words.
    private const int MaxSuggested = 16;

    /// <summary>The members of a call, and what each is in a few words.</summary>
    private static readonly (string Name, string Help)[] CallMembers =
    [
        ("tool", "the tool's name; alone required"),
        ("arguments", "an object, judged as it stands; {} when left out"),
        ("grant", "whose call it is; default when left out"),
        ("session", "the call's session"),
        ("session_source", "who says so: host (when left out), claim, header, mcp_session or process"),
        ("server", "the server that has the tool"),
        ("context", "an object of the host's facts, which rules read under context"),
        ("at", "the time of this and later lines, as in 2026-01-01T00:00:00Z; the system's clock when no line says one"),
        ("continues", "the call that it goes on with: last, or a decision id"),
        ("expect", "an outcome (allow, deny, approval_required) or a code, such as limit_exceeded"),
        ("name", "what you call the line; shown with its answer"),
        ("description", "what you say of it, for readers of the file"),
    ];

    private static readonly string[] Call = [.. CallMembers.Select(member => member.Name)];

    /// <summary>The member that makes a line an event, and what may stand beside it.</summary>
    private static readonly (string Name, string[] Details)[] Events =
    [
        ("advance", []),
        ("complete", ["outcome"]),
        ("approve", ["by", "reason"]),
        ("refuse", ["by", "reason"]),
        ("revoke", []),
    ];

    /// <summary>The kinds of lines as <c>check --help</c> shows them.</summary>
    public static IReadOnlyList<string> Help { get; } =
    [
        "A line of --calls is a JSON object: a call, as in",
        """  {"tool":"run_code","arguments":{"n":1},"grant":"ci","expect":"allow","name":"the first one"}""",
        "with these members:",
        .. CallMembers.Select(member => $"  {member.Name,-14}  {member.Help}"),
        "or an event about an earlier call (`last`, or an id from --json), about time or a grant:",
        """  {"advance":"90s"}""",
        """  {"complete":"last","outcome":"succeeded|failed|not_executed"}""",
        """  {"approve":"last","by":"alice","reason":"…"}""",
        """  {"refuse":"last","by":"bob","reason":"…"}""",
        """  {"revoke":"ci"}""",
        "A byte order mark, blank lines and lines that begin with // are passed over; schema/calls.md says the rest.",
    ];

    /// <summary>The event of a line, or null for a call.</summary>
    /// <exception cref="FormatException">The line has two events, or a member that its kind doesn't have.</exception>
    public static string? FindEvent(IReadOnlyCollection<string> names)
    {
        (string Name, string[] Details)[] events = Array.FindAll(Events, known => names.Contains(known.Name));
        if (events.Length > 1)
        {
            throw new FormatException("One event a line.");
        }

        if (events is [var (name, details)])
        {
            string[] beside = [.. details.Select(detail => $"`{detail}`")];
            string help = beside.Length == 0 ? $"`{name}` stands alone" : $"beside `{name}` it may have {string.Join(", ", beside)}";
            Expect(names, [name, .. details], details, help);
            return name;
        }

        string members = string.Join(", ", Call.Select(member => $"`{member}`"));
        Expect(
            names,
            Call,
            [.. Call, .. Events.Select(known => known.Name)],
            $"a call may have {members}; `policylayer check --help` shows the events");
        return null;
    }

    /// <summary>Refuses members that aren't known, told of the first one whose meaning can be guessed.</summary>
    private static void Expect(IEnumerable<string> names, string[] known, string[] meant, string help)
    {
        string[] unknown = [.. names.Where(name => !known.Contains(name, StringComparer.Ordinal)).Take(MaxSuggested)];
        if (unknown.Length == 0)
        {
            return;
        }

        foreach (string name in unknown)
        {
            if (Spelling.Suggest(name, meant) is { } suggestion)
            {
                throw new FormatException($"{QuotedText.Of(name)} is not a member of this line. Help: {suggestion}");
            }
        }

        throw new FormatException($"{QuotedText.Of(unknown[0])} is not a member of this line. Help: {help}.");
    }
}
