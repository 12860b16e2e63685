using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PolicyLayer.Documents;

namespace PolicyLayer.Grants;

/// <summary>The grants of a file, or why there are none; and what else was noticed. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class GrantLoadResult
{
    internal GrantLoadResult(IReadOnlyList<Grant>? grants, IReadOnlyList<PolicyDiagnostic> diagnostics)
    {
        Grants = grants;
        Diagnostics = diagnostics;
    }

    /// <summary>The grants in the file's order, no two of one id or token; null when the file has an error.</summary>
    public IReadOnlyList<Grant>? Grants { get; }

    /// <summary>True when there are grants, be it none at all: the file has no error.</summary>
    [MemberNotNullWhen(true, nameof(Grants))]
    public bool IsValid => Grants is not null;

    /// <summary>All findings in order of position: at most 100, errors kept before warnings.</summary>
    public IReadOnlyList<PolicyDiagnostic> Diagnostics { get; }

    /// <summary>How many grants and findings of each severity there are; <see cref="Diagnostics"/> has their texts.</summary>
    public override string ToString() => FindingCounts.Of(
        Grants is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Grants.Count} grants"), Diagnostics);
}
