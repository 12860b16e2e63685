using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree;

/// <summary>What the tree says of a call.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Entry">The entry whose limits an allow still hangs on; null where there are none.</param>
/// <param name="Amounts">The amounts that the limits count, null when that is one unit each.</param>
internal readonly record struct Evaluation(Verdict Verdict, ToolEntry? Entry = null, long[]? Amounts = null);
