namespace PolicyLayer.DecisionTree.Paths;

/// <summary>Where a path led.</summary>
internal enum PathOutcome : byte
{
    /// <summary>To a value, perhaps null.</summary>
    Present,

    /// <summary>To nothing: through null, or to a name or index that isn't there.</summary>
    Missing,

    /// <summary>Through a value of another kind than the step needs.</summary>
    Unjudgeable,
}
