namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Which condition of a rule stands against a call, and why.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Kind">Why.</param>
/// <param name="Words">What an operator of meaning says of it: fixed words, never a value; null for the others.</param>
internal readonly record struct Cause(Condition Condition, CauseKind Kind, string? Words = null)
{
    /// <summary>Whether the call would have to give what it doesn't.</summary>
    public bool IsAbsence => Kind is CauseKind.Missing or CauseKind.NoElement;
}

/// <summary>Why a condition stands against a call: by what its value is, or as it can't be judged.</summary>
internal enum CauseKind : byte
{
    /// <summary>The value could be judged, and there is nothing to say of it.</summary>
    Judged = 0,

    /// <summary>The call doesn't give the argument.</summary>
    Missing,

    /// <summary><c>[*]</c> finds no element.</summary>
    NoElement,

    /// <summary>The value is of a kind that the operator takes, and still can't be judged by it.</summary>
    Unreadable,

    /// <summary>The same, and the operator says what the value must be.</summary>
    Needed,

    /// <summary>The same, and the operator says what stands in the way.</summary>
    Obstructed,

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

    /// <summary>The host didn't give the operand.</summary>
    OperandNotGiven,
}
