namespace PolicyLayer;

/// <summary>How grave a finding is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Legal, and surely not meant.</summary>
    Warning = 0,

    /// <summary>The document yields no policy.</summary>
    Error = 1,
}
