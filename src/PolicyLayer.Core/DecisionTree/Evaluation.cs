namespace PolicyLayer.DecisionTree;

/// <summary>What the tree says of a call: a verdict, and the amounts that its limits count, null when that is one unit each.</summary>
internal readonly record struct Evaluation(Verdict Verdict, long[]? Amounts = null);
