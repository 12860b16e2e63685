namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Which condition of a rule couldn't be judged, and why.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct Doubt(Condition Condition, DoubtReason Reason);

/// <summary>Why a condition can't be judged.</summary>
internal enum DoubtReason : byte
{
    /// <summary>The value is of a kind that the operator takes, and still can't be judged by it.</summary>
    Unreadable = 0,

    /// <summary>The value is of another kind than the operator takes.</summary>
    WrongKind,

    /// <summary>The path leads through a value of another kind than its steps need.</summary>
    WrongStep,

    /// <summary>The call has a name that differs only by case from one of the path's.</summary>
    CaseVariant,

    /// <summary>The host didn't give the fact.</summary>
    NotGiven,

    /// <summary>The same call gives no operand that the operator takes.</summary>
    Operand,
}
