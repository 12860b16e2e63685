namespace PolicyLayer.DecisionTree.Counting;

/// <summary>Why a store refused a call: the first use of a counter that it didn't fit, and how.</summary>
/// <param name="Use">Its index.</param>
/// <param name="NeverFits">Whether the call asks for more than the maximum at once.</param>
/// <param name="LeftMillionths">What is left, less than the call asks for; 0 for nothing, and where the call never fits.</param>
/// <param name="IsOneOfSeveral">Whether others refused it too, so that the wait may be theirs.</param>
/// <param name="RetryAfterMilliseconds">How long to wait until all may fit; 0 when waiting doesn't help.</param>
internal readonly record struct CounterRefusal(
    int Use, bool NeverFits, long LeftMillionths, bool IsOneOfSeveral, long RetryAfterMilliseconds);
