namespace PolicyLayer.Auditing;

/// <summary>A counter that a call was to be counted on. Immutable.</summary>
/// <param name="Name">The counter's name in the policy.</param>
/// <param name="Used">What a counter that was asked in vain holds, in units; null when the call was counted or the store didn't say.</param>
/// <param name="Max">What the counter may hold, in units: the tightest maximum that applies to the call.</param>
public sealed record AuditCounter(string Name, decimal? Used, decimal Max);
