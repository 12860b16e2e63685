namespace PolicyLayer;

/// <summary>What a tool can do, as the policy's author classed it. It changes no decision.</summary>
public enum ToolRisk
{
    /// <summary>The policy doesn't say.</summary>
    Unspecified = 0,

    /// <summary>Reads only.</summary>
    Read = 1,

    /// <summary>Changes data.</summary>
    Write = 2,

    /// <summary>Runs code or commands.</summary>
    Execute = 3,

    /// <summary>Destroys what can't easily be brought back.</summary>
    Destructive = 4,

    /// <summary>Moves money.</summary>
    Financial = 5,

    /// <summary>Anything else.</summary>
    Other = 6,
}
