namespace PolicyLayer.DecisionTree.Limits;

/// <summary>Why a store refused a call: the first limit that it didn't fit, and how.</summary>
/// <param name="Limit">The limit's index.</param>
/// <param name="NeverFits">Whether the call asks for more than the limit's maximum at once.</param>
/// <param name="LeftMillionths">What the limit leaves, less than the call asks for; 0 for nothing, and where the call never fits.</param>
/// <param name="RetryAfterMilliseconds">How long to wait until all limits may fit; 0 when waiting doesn't help.</param>
internal readonly record struct LimitRefusal(int Limit, bool NeverFits, long LeftMillionths, long RetryAfterMilliseconds);
