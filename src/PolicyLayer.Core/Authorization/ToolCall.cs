using PolicyLayer.Json;

namespace PolicyLayer;

/// <summary>One tool call that an agent asks for.</summary>
public readonly struct ToolCall
{
    private readonly string? _grantId;

    /// <summary>Describes a call.</summary>
    /// <param name="toolName">The tool's name, compared ordinally and with case.</param>
    /// <param name="arguments">The arguments, exactly as the host will hand them to the tool; absent ones are <c>{}</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> is null.</exception>
    public ToolCall(string toolName, ToolArguments arguments = default)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        ToolName = toolName;
        Arguments = arguments;
    }

    /// <summary>The tool's name.</summary>
    public string ToolName { get; }

    /// <summary>The tool's arguments.</summary>
    public ToolArguments Arguments { get; }

    /// <summary>Whose quota the call uses: the agent's grant. <c>default</c> when the host doesn't say.</summary>
    public string GrantId
    {
        get => _grantId ?? "default";
        init => _grantId = value;
    }

    /// <summary>The agent's session, from the host or its transport and never from the agent's arguments; null when there is none.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Facts of the host's own, which the policy's rules read as <c>context</c>: never anything that the agent sends. One JSON object;
    /// absent facts are <c>{}</c>.
    /// </summary>
    public ToolArguments Context { get; init; }

    /// <summary>The attributes of the grant, which the policy's rules read as <c>grant</c>; null for none.</summary>
    public IReadOnlyDictionary<string, string>? GrantAttributes { get; init; }

    /// <summary>
    /// Whether grant and session are Unicode text, so that no two of them are one in a log. The tool is looked at where it is found.
    /// </summary>
    internal bool HasWellFormedIds =>
        (_grantId is null || Utf16.IsWellFormed(_grantId)) && (SessionId is null || Utf16.IsWellFormed(SessionId));

    /// <summary>Whether there is nothing to read: neither arguments nor context.</summary>
    internal bool SaysNothing => Arguments.Form == ToolArgumentsForm.None && Context.Form == ToolArgumentsForm.None;
}
