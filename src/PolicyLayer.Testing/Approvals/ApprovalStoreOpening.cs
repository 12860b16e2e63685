namespace PolicyLayer.Testing;

/// <summary>What a case asks of a harness: a store over one storage. Immutable.</summary>
public sealed class ApprovalStoreOpening
{
    /// <summary>Asks for a store.</summary>
    /// <param name="storage">The storage's name.</param>
    /// <param name="maxApprovals">How many approvals it may hold; null for the store's default.</param>
    /// <exception cref="ArgumentException"><paramref name="storage"/> is null or empty.</exception>
    public ApprovalStoreOpening(string storage, int? maxApprovals = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(storage);
        Storage = storage;
        MaxApprovals = maxApprovals;
    }

    /// <summary>
    /// The storage's name: letters, digits and hyphens. A name that wasn't opened before stands for an empty storage.
    /// </summary>
    public string Storage { get; }

    /// <summary>How many approvals it may hold that haven't ended, at least; null for the store's default.</summary>
    public int? MaxApprovals { get; }
}
