namespace PolicyLayer.Tests.Behaviour;

/// <summary>What a person says of a request.</summary>
/// <param name="Asked">The name of the decision that waits for it.</param>
/// <param name="IsApproved">Whether it is approved; else it is refused.</param>
/// <param name="Uses">For how many calls; null for as many as were asked for.</param>
/// <param name="ValidFor">For how long; null for as long as was asked for.</param>
/// <param name="IsExact">Whether for that very call alone.</param>
/// <param name="Expected">What becomes of the answer.</param>
internal sealed record PersonAnswer(
    string Asked, bool IsApproved, int? Uses = null, TimeSpan? ValidFor = null, bool IsExact = false, string Expected = "Done");
