namespace PolicyLayer;

/// <summary>
/// A document yields no policy, or a file of grants no grants. <see cref="Exception.Message"/> lists the findings, a line each.
/// </summary>
public sealed class PolicyException : Exception
{
    internal PolicyException(string missing, IReadOnlyList<PolicyDiagnostic> diagnostics)
        : base($"The document yields no {missing}:" + string.Concat(diagnostics.Select(finding => "\n  " + finding)))
    {
        Diagnostics = diagnostics;
    }

    /// <summary>All findings in order of position.</summary>
    public IReadOnlyList<PolicyDiagnostic> Diagnostics { get; }
}
