namespace PolicyLayer.Tests.Secrets.Positions;

/// <summary>A call that holds secrets, the entry that judges it, and what is to be decided.</summary>
/// <param name="Name">The position, which is the tool's name.</param>
/// <param name="Entry">The tool's entry.</param>
/// <param name="Code">The code.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="Context">The host's facts.</param>
internal sealed record PlantedCall(
    string Name, string Entry, DecisionCode Code, ToolArguments Arguments, ToolArguments Context = default)
{
    /// <summary>Whose call it is; null for the grant that all have.</summary>
    public string? GrantId { get; init; }

    /// <summary>What was answered to the tool.</summary>
    public ToolArguments Inputs { get; init; }

    public ToolCall ToCall() =>
        new(Name, Arguments) { GrantId = GrantId ?? "g", Context = Context, Inputs = Inputs, SessionId = "session" };

    /// <summary>The policy with an entry for each call.</summary>
    public static string PolicyOf(IEnumerable<PlantedCall> calls) =>
        $$"""
        { "version": "1", "name": "planted", "default": "deny",
          "tools": { {{string.Join(',', calls.Select(call => $"\"{call.Name}\":{call.Entry}"))}} } }
        """;
}
