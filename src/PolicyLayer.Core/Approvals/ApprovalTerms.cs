namespace PolicyLayer.Approvals;

/// <summary>What one approval covers: how many calls, and for how long. An immutable value; a default one covers nothing.</summary>
public readonly record struct ApprovalTerms
{
    /// <summary>The most calls that one approval covers: 1,000.</summary>
    public const int MaxUses = 1_000;

    /// <summary>The longest time for which one is in force: a day.</summary>
    public static readonly TimeSpan MaxValidFor = TimeSpan.FromDays(1);

    /// <summary>Describes terms.</summary>
    /// <param name="uses">How many calls, 1 to <see cref="MaxUses"/>.</param>
    /// <param name="validFor">For how long from the moment at which a person approves, 1 millisecond to <see cref="MaxValidFor"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range.</exception>
    public ApprovalTerms(int uses, TimeSpan validFor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(uses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(uses, MaxUses);
        ArgumentOutOfRangeException.ThrowIfLessThan(validFor, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(validFor, MaxValidFor);
        Uses = uses;
        ValidFor = validFor;
    }

    /// <summary>How many calls.</summary>
    public int Uses { get; }

    /// <summary>For how long, from the moment at which a person approves.</summary>
    public TimeSpan ValidFor { get; }

    /// <summary>Whether these cover nothing that others don't.</summary>
    /// <param name="others">The others.</param>
    public bool AreWithin(ApprovalTerms others) => Uses <= others.Uses && ValidFor <= others.ValidFor;
}
