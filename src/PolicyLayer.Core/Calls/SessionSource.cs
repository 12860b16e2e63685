namespace PolicyLayer;

/// <summary>Where a call's session comes from: how sure it is that two callers never share it.</summary>
public enum SessionSource
{
    /// <summary>The host's own code made or knows the session.</summary>
    Host = 0,

    /// <summary>A claim of the caller's verified identity.</summary>
    Claim = 1,

    /// <summary>A header of the request, such as a trusted gateway sets.</summary>
    Header = 2,

    /// <summary>The session of the Model Context Protocol's transport.</summary>
    McpSession = 3,

    /// <summary>The process that the caller has to itself, as over standard input and output.</summary>
    Process = 4,
}
