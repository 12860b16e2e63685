namespace PolicyLayer;

/// <summary>
/// Whether a grant may ever call a tool: what a host's list of tools is filtered by. Treat what you don't know as <see cref="Never"/>.
/// </summary>
public enum ToolAvailability
{
    /// <summary>
    /// Every call is denied, whatever its arguments: the tool isn't listed, or its entry denies. A list may show it or leave it out.
    /// </summary>
    Never = 0,

    /// <summary>The policy hides the tool, and every call is denied: a list leaves it out.</summary>
    Hidden = 1,

    /// <summary>A call is allowed or not by what it says and what was counted.</summary>
    Callable = 2,
}
