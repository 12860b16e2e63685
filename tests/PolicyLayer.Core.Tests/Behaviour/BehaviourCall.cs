using System.Globalization;
using System.Text.Json;

namespace PolicyLayer.Tests.Behaviour;

/// <summary>One call of a case and what must come of it.</summary>
internal sealed class BehaviourCall(JsonElement root)
{
    private static readonly HashSet<string> Members =
    [
        "tool", "arguments", "argumentsText", "argumentsHex", "argumentsParts", "context", "contextText", "grant", "grantAttributes",
        "session", "server", "at", "repeat", "complete", "as", "expect",
    ];

    public string Tool => root.GetProperty("tool").GetString()!;

    public string Grant => Optional("grant") ?? "default";

    public string? Server => Optional("server");

    public string? Session => Optional("session");

    public DateTimeOffset? At => Optional("at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;

    public int Repeat => root.TryGetProperty("repeat", out JsonElement repeat) ? repeat.GetInt32() : 1;

    /// <summary>What the host reports of the call at once.</summary>
    public ToolCallOutcome? Complete => Optional("complete") is { } outcome ? Outcome(outcome) : null;

    /// <summary>The name by which a later report knows the decision.</summary>
    public string? As => Optional("as");

    /// <summary>No call, but what the host reports, perhaps later, of the decision that has this name.</summary>
    public string? Report => Optional("report");

    /// <summary>No call, but a person's answer to the request of the decision that has this name.</summary>
    public PersonAnswer? Answer
    {
        get
        {
            if ((Optional("approve") ?? Optional("refuse")) is not { } asked)
            {
                return null;
            }

            return new PersonAnswer(
                asked,
                IsApproved: Optional("approve") is not null,
                root.TryGetProperty("uses", out JsonElement uses) ? uses.GetInt32() : null,
                root.TryGetProperty("for", out JsonElement seconds) ? TimeSpan.FromSeconds(seconds.GetInt32()) : null,
                root.TryGetProperty("exact", out JsonElement exact) && exact.GetBoolean(),
                Optional("answer") ?? "Done");
        }
    }

    public ToolCallOutcome Reported => Outcome(Optional("outcome"));

    public IReadOnlyDictionary<string, string>? GrantAttributes => root.TryGetProperty("grantAttributes", out JsonElement attributes)
        ? attributes.EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetString()!, StringComparer.Ordinal)
        : null;

    public ToolArguments Context => ContextText is { } context ? ToolArguments.FromUtf8(context) : default;

    public byte[]? ContextText => Bytes("context");

    public JsonElement Expect => root.GetProperty("expect");

    /// <summary>The bytes of the arguments; null when the call has none.</summary>
    public byte[]? Arguments => Bytes("arguments");

    /// <summary>A misspelt member of a case would judge nothing.</summary>
    public IEnumerable<string> UnknownMembers => root.EnumerateObject().Select(m => m.Name)
        .Where(name => !IsKnown(name));

    private bool IsKnown(string name)
    {
        if (Answer is not null)
        {
            return name is "approve" or "refuse" or "uses" or "for" or "exact" or "answer" or "at";
        }

        return Report is null ? Members.Contains(name) : name is "report" or "outcome" or "at";
    }

    private static ToolCallOutcome Outcome(string? outcome) => outcome switch
    {
        "not_executed" => ToolCallOutcome.NotExecuted,
        "failed" => ToolCallOutcome.Failed,
        "succeeded" => ToolCallOutcome.Succeeded,
        _ => throw new InvalidOperationException("Unknown outcome " + outcome),
    };

    private byte[]? Bytes(string member)
    {
        if (root.TryGetProperty(member, out JsonElement value))
        {
            return System.Text.Encoding.UTF8.GetBytes(value.GetRawText());
        }

        if (root.TryGetProperty(member + "Text", out value))
        {
            return System.Text.Encoding.UTF8.GetBytes(value.GetString()!);
        }

        if (root.TryGetProperty(member + "Hex", out value))
        {
            return Convert.FromHexString(value.GetString()!.Replace(" ", "", StringComparison.Ordinal));
        }

        return root.TryGetProperty(member + "Parts", out value)
            ? System.Text.Encoding.UTF8.GetBytes(string.Concat(value.EnumerateArray().Select(Part)))
            : null;
    }

    /// <summary>A part of a long text: a string and how often it stands there.</summary>
    private static string Part(JsonElement part) =>
        string.Concat(Enumerable.Repeat(part[0].GetString(), part[1].GetInt32()));

    private string? Optional(string member) => root.TryGetProperty(member, out JsonElement value) ? value.GetString() : null;
}
