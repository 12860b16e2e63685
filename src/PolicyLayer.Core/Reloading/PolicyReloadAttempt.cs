using System.Diagnostics.CodeAnalysis;

namespace PolicyLayer;

/// <summary>What came of reading documents anew because they changed. Immutable.</summary>
public sealed class PolicyReloadAttempt
{
    internal PolicyReloadAttempt(DateTimeOffset time, PolicyBundleResult documents, PolicyReload? reload, string? failure)
    {
        Time = time;
        Documents = documents;
        Reload = reload;
        Failure = failure;
    }

    /// <summary>When, by the reloader's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What the documents said, and all findings.</summary>
    public PolicyBundleResult Documents { get; }

    /// <summary>
    /// What changed, nothing where rejected documents say again what is in force; null when the documents were rejected and those before
    /// stay in force.
    /// </summary>
    public PolicyReload? Reload { get; }

    /// <summary>True when what the documents say is in force.</summary>
    [MemberNotNullWhen(true, nameof(Reload))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsApplied => Reload is not null;

    /// <summary>
    /// Why the documents were rejected: their findings, a line each, or why they don't fit the authorizer; null when they weren't.
    /// </summary>
    public string? Failure { get; }
}
