namespace PolicyLayer;

/// <summary>What a tool can do, as the policy's author classed it. It changes no decision.</summary>
public enum ToolRisk
{
    /// <summary>The policy doesn't say.</summary>
    Unspecified = 0,

    /// <summary>Reads only.</summary>
    Read,

    /// <summary>Changes data.</summary>
    Write,

    /// <summary>Runs code or commands.</summary>
    Execute,

    /// <summary>Destroys what can't easily be brought back.</summary>
    Destructive,

    /// <summary>Moves money.</summary>
    Financial,

    /// <summary>Anything else.</summary>
    Other,
}
