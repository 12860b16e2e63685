namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>Which bound of the host's a call exceeds.</summary>
internal enum Excess : byte
{
    None = 0,

    /// <summary>The bytes of the arguments.</summary>
    Size,

    /// <summary>How deep they nest.</summary>
    Depth,

    /// <summary>The steps that judging the call takes.</summary>
    Work,

    /// <summary>Any bound of what was answered, its form included.</summary>
    Inputs,
}
