namespace PolicyLayer;

/// <summary>Says that a reload is in force. Immutable.</summary>
public sealed class PolicyReloadedEventArgs : EventArgs
{
    internal PolicyReloadedEventArgs(PolicyReload reload)
    {
        Reload = reload;
    }

    /// <summary>What changed.</summary>
    public PolicyReload Reload { get; }
}
