using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PolicyLayer.Grants;

namespace PolicyLayer;

/// <summary>A bundle, or why there is none; and what else was noticed. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PolicyBundleResult
{
    private PolicyBundleResult(
        PolicyBundle? bundle, IReadOnlyList<DocumentFindings> documents, IReadOnlyList<DocumentReading> readings)
    {
        Bundle = bundle;
        Documents = documents;
        Readings = readings;
    }

    /// <summary>The bundle; null when a document can't be read or has an error.</summary>
    public PolicyBundle? Bundle { get; }

    /// <summary>True when there is a bundle.</summary>
    [MemberNotNullWhen(true, nameof(Bundle))]
    public bool IsValid => Bundle is not null;

    /// <summary>What was found out about each document, the policies' first, in the order of the source.</summary>
    public IReadOnlyList<DocumentFindings> Documents { get; }

    /// <summary>What the documents said.</summary>
    internal IReadOnlyList<DocumentReading> Readings { get; }

    /// <summary>All findings, errors and warnings, a line each; empty when there are none.</summary>
    public override string ToString() => string.Join('\n', Documents.SelectMany(document => document.Lines));

    internal static PolicyBundleResult Of(PolicyBundleSource source, IReadOnlyList<DocumentReading> readings)
    {
        var documents = new List<DocumentFindings>();
        var policies = new List<Policy>();
        for (int i = 0; i < source.Policies.Count; i++)
        {
            documents.Add(Load(source.Policies[i], readings[i], policies));
        }

        bool isValid = policies.Count == source.Policies.Count;
        IReadOnlyList<Grant>? grants = null;
        if (source.Grants is { } document)
        {
            // Against policies that aren't all there, each grant of a missing one would be a finding.
            GrantLoadOptions options = source.GrantOptionsFor(policies);
            options.PolicyNames = isValid ? options.PolicyNames : null;
            GrantLoadResult? result = readings[^1].Content?.LoadGrants(options);
            grants = result?.Grants;
            isValid &= grants is not null;
            documents.Add(new DocumentFindings(document, result?.Diagnostics ?? [], readings[^1].Failure));
        }

        return new PolicyBundleResult(isValid ? new PolicyBundle(policies, grants) : null, documents, readings);
    }

    private static DocumentFindings Load(PolicySource source, DocumentReading reading, List<Policy> policies)
    {
        PolicyLoadResult? result = reading.Content?.LoadPolicy(source.Options);
        string? failure = reading.Failure;
        if (result?.Policy is { } policy)
        {
            if (policies.Exists(other => other.Name == policy.Name))
            {
                failure = $"Another policy is named `{policy.Name}` too, and grants name theirs. {Policy.HelpForName}";
            }
            else
            {
                policies.Add(policy);
            }
        }

        return new DocumentFindings(source.Document, result?.Diagnostics ?? [], failure);
    }
}
