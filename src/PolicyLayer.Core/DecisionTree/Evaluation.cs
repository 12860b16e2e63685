namespace PolicyLayer.DecisionTree;

/// <summary>What the tree says of a call: a verdict, and the limits that an allow still hangs on, with the amounts that aren't one.</summary>
internal readonly record struct Evaluation(Verdict Verdict, LimitPlan? Limits = null, long[]? Amounts = null);
