using PolicyLayer.Grants;

namespace PolicyLayer;

/// <summary>The documents that make up a <see cref="PolicyBundle"/>, read together. Immutable and safe for any number of threads.</summary>
public sealed class PolicyBundleSource
{
    private readonly GrantLoadOptions _grantOptions;

    /// <summary>Names the documents.</summary>
    /// <param name="policies">The policies' documents, at least one; the first judges the calls of grants that name none.</param>
    /// <param name="grants">The document of the grants; null where grants come from elsewhere, or there are none.</param>
    /// <param name="grantOptions">
    /// How it is read; null for the defaults. <see cref="GrantLoadOptions.PolicyNames"/> are those of the bundle, whatever it says.
    /// </param>
    /// <exception cref="ArgumentNullException">The list or a source is null.</exception>
    /// <exception cref="ArgumentException">There is no policy, or an option is out of range.</exception>
    public PolicyBundleSource(
        IEnumerable<PolicySource> policies, DocumentSource? grants = null, GrantLoadOptions? grantOptions = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        Policies = Array.AsReadOnly<PolicySource>([.. policies]);
        if (Policies.Count == 0)
        {
            throw new ArgumentException("There must be a policy.", nameof(policies));
        }

        foreach (PolicySource policy in Policies)
        {
            ArgumentNullException.ThrowIfNull(policy, nameof(policies));
        }

        Grants = grants;
        _grantOptions = grantOptions ?? GrantLoadOptions.Default;
        _grantOptions.Validate();
    }

    /// <summary>The policies' documents.</summary>
    public IReadOnlyList<PolicySource> Policies { get; }

    /// <summary>The document of the grants, or null.</summary>
    public DocumentSource? Grants { get; }

    /// <summary>All documents, the policies' first.</summary>
    internal IEnumerable<DocumentSource> Documents =>
        Policies.Select(policy => policy.Document).Concat(Grants is null ? [] : [Grants]);

    /// <summary>Reads all documents and says all that is wrong with them. A document that can't be read is a finding too.</summary>
    public PolicyBundleResult Load() => PolicyBundleResult.Of(this, Read());

    /// <summary>Reads all documents, in the order of <see cref="Documents"/>.</summary>
    internal IReadOnlyList<DocumentReading> Read() =>
        [.. Documents.Select((document, index) => DocumentReading.Of(document, MaxBytesOf(index)))];

    /// <summary>Reads all files anew; the other documents are as they were read before.</summary>
    internal IReadOnlyList<DocumentReading> ReadFiles(IReadOnlyList<DocumentReading> before) =>
    [
        .. Documents.Select((document, index) =>
            document.Path is null ? before[index] : DocumentReading.Of(document, MaxBytesOf(index))),
    ];

    internal GrantLoadOptions GrantOptionsFor(IEnumerable<Policy> policies) => new()
    {
        PolicyNames = [.. policies.Select(policy => policy.Name)],
        MaxBytes = _grantOptions.MaxBytes,
        MaxDepth = _grantOptions.MaxDepth,
        MaxGrants = _grantOptions.MaxGrants,
    };

    private int MaxBytesOf(int index) =>
        index < Policies.Count ? (Policies[index].Options ?? PolicyLoadOptions.Default).MaxBytes : _grantOptions.MaxBytes;
}
