namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Which way a rule's conditions lean when there is no argument, or more than one.</summary>
internal enum RuleMode : byte
{
    /// <summary>Every element must satisfy a condition.</summary>
    Require,

    /// <summary>One element is enough.</summary>
    DenyIf,
}
