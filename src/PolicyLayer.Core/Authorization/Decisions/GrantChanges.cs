namespace PolicyLayer;

/// <summary>How many grants a reload changed. Immutable.</summary>
public sealed class GrantChanges
{
    internal GrantChanges(int added, int changed, int removed)
    {
        Added = added;
        Changed = changed;
        Removed = removed;
    }

    /// <summary>How many ids are new.</summary>
    public int Added { get; }

    /// <summary>How many grants are other than those of their ids before, the ones that were revoked among them.</summary>
    public int Changed { get; }

    /// <summary>How many ids are gone: their calls are denied with <see cref="DecisionCode.GrantUnknown"/>.</summary>
    public int Removed { get; }
}
