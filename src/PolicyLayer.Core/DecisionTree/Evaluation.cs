using PolicyLayer.DecisionTree.Limits;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree;

/// <summary>
/// What the tree says of a call: a verdict, and what an allow still demands. INVARIANT: an allow has the verdict of the entry that judged.
/// </summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Limits">The limits that an allow still hangs on, or null.</param>
/// <param name="Amounts">The amounts that the limits count, null when that is one unit each.</param>
internal readonly record struct Evaluation(Verdict Verdict, LimitPlan? Limits = null, long[]? Amounts = null);
