using System.Diagnostics;

namespace PolicyLayer;

/// <summary>What was found out about one document of a bundle. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DocumentFindings
{
    internal DocumentFindings(DocumentSource source, IReadOnlyList<PolicyDiagnostic> diagnostics, string? failure)
    {
        Source = source;
        Diagnostics = diagnostics;
        Failure = failure;
    }

    /// <summary>The document.</summary>
    public DocumentSource Source { get; }

    /// <summary>What is wrong inside it, in order of position; empty for one that can't be read.</summary>
    public IReadOnlyList<PolicyDiagnostic> Diagnostics { get; }

    /// <summary>What stands against it as a whole, in a sentence: that it can't be read, or what another document says; or null.</summary>
    public string? Failure { get; }

    /// <summary>The findings, a line each; empty when there are none.</summary>
    public override string ToString() => string.Join('\n', Lines);

    internal IEnumerable<string> Lines =>
        (Failure is null ? [] : (string[])[Failure]).Concat(Diagnostics.Select(finding => finding.ToString(Source.Name)));
}
