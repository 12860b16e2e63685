using System.Text;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Differential;

/// <summary>One call for both evaluators.</summary>
internal sealed record GeneratedCall
{
    public required string Tool { get; init; }

    /// <summary>The arguments as sent, odd spellings and all.</summary>
    public required string ArgumentsText { get; init; }

    public required Json Arguments { get; init; }

    /// <summary>How the host holds the arguments: as text, as an element, or in a dictionary.</summary>
    public string Form { get; init; } = "text";

    /// <summary>The code of what is wrong with arguments or context; null when nothing is.</summary>
    public string? Fault { get; init; }

    public string Grant { get; init; } = "default";

    public string? Session { get; init; }

    public string? Server { get; init; }

    /// <summary>What a person says at once where the call waits for one; null for nothing.</summary>
    public PersonAnswer? Answer { get; init; }

    public Dictionary<string, string>? Attributes { get; init; }

    public Json? Context { get; init; }

    /// <summary>How long after the call before it this one comes.</summary>
    public int AdvanceMilliseconds { get; init; }

    /// <summary>What the host reports of the call when it is allowed; null for nothing.</summary>
    public ToolCallOutcome? Outcome { get; init; }

    /// <summary>How many calls later the host reports it.</summary>
    public int ReportedAfter { get; init; }

    public Json Root(string name) => name switch
    {
        "args" => Arguments,
        "context" => Context ?? Json.Object(),
        "call" => Json.Object(("tool", Json.String(Tool))),
        _ => Json.Object((Attributes ?? []).Select(a => (a.Key, Json.String(a.Value)))),
    };

    public override string ToString()
    {
        string attributes = Attributes is null ? "none" : string.Join(',', Attributes);
        return $"{Tool}({ArgumentsText}) as {Form} context {Context?.ToString() ?? "none"} grant {Grant} {attributes} "
            + $"session {Session} server {Server} answer {Answer} +{AdvanceMilliseconds} ms, fault {Fault}, "
            + $"{Outcome?.ToString() ?? "nothing"} reported {ReportedAfter} later";
    }

    public ToolCall ToToolCall() => new(Tool, ArgumentForms.Wrap(Encoding.UTF8.GetBytes(ArgumentsText), Form))
    {
        GrantId = Grant,
        SessionId = Session,
        Server = Server,
        GrantAttributes = Attributes,
        Context = Context is null ? default : ToolArguments.FromUtf8(Encoding.UTF8.GetBytes(Context.ToString())),
    };
}

/// <summary>A policy and the calls it judges one after the other.</summary>
internal sealed record GeneratedCase(Json Policy, IReadOnlyList<GeneratedCall> Calls)
{
    public byte[] Document => Encoding.UTF8.GetBytes(Policy.ToString());

    public override string ToString() => Policy + "\n" + string.Join('\n', Calls);
}
