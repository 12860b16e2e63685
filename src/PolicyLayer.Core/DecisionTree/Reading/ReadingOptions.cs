using PolicyLayer.Calls;
using PolicyLayer.Keys;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>How calls are read.</summary>
/// <param name="MaxBytes">How large arguments may be, in bytes of UTF-8.</param>
/// <param name="MaxDepth">How deep they may nest.</param>
/// <param name="MaxWork">How many steps judging a call may take.</param>
/// <param name="Digest">What stands for values where counters are told apart by them.</param>
/// <param name="Binding">What stands for a call that a person has to approve.</param>
internal readonly record struct ReadingOptions(int MaxBytes, int MaxDepth, long MaxWork, ValueDigest Digest, BindingDigest Binding)
{
    /// <summary>For calls that were, or will be, judged by an authorizer with bounds of its own.</summary>
    public static ReadingOptions ForDigests { get; } =
        new(int.MaxValue, MaxDepth: 1_000, WorkBudget.Default, new ValueDigest(keys: null), new BindingDigest(keys: null));
}
