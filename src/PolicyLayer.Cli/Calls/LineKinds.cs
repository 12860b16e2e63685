using PolicyLayer.Text;

namespace PolicyLayer.Cli.Calls;

/// <summary>What a line may be, and the members of each kind.</summary>
internal static class LineKinds
{
    // A line may have any number of members; so many are compared with words.
    private const int MaxSuggested = 16;

    private static readonly string[] Call =
        ["tool", "arguments", "grant", "session", "session_source", "server", "context", "at", "continues", "expect"];

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
        "A line of --calls is a call, with these members:",
        $"  {string.Join(", ", Call)}",
        "or an event:",
        """  {"advance":"90s"}""",
        """  {"complete":"last","outcome":"succeeded|failed|not_executed"}""",
        """  {"approve":"last","by":"alice","reason":"…"}""",
        """  {"refuse":"last","by":"bob","reason":"…"}""",
        """  {"revoke":"ci"}""",
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
