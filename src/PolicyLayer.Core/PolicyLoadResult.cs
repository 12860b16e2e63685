using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PolicyLayer.Documents;

namespace PolicyLayer;

/// <summary>A policy, or why there is none; and what else was noticed. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PolicyLoadResult
{
    internal PolicyLoadResult(Policy? policy, IReadOnlyList<PolicyDiagnostic> diagnostics)
    {
        Policy = policy;
        Diagnostics = diagnostics;
    }

    /// <summary>The policy; null when the document has an error.</summary>
    public Policy? Policy { get; }

    /// <summary>True when there is a policy.</summary>
    [MemberNotNullWhen(true, nameof(Policy))]
    public bool IsValid => Policy is not null;

    /// <summary>All findings in order of position: at most 100, errors kept before warnings.</summary>
    public IReadOnlyList<PolicyDiagnostic> Diagnostics { get; }

    /// <summary>The policy, if there is one, and how many findings of each severity; <see cref="Diagnostics"/> has their texts.</summary>
    public override string ToString() => FindingCounts.Of(Policy?.ToString(), Diagnostics);
}
