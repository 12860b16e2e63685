using PolicyLayer.Counters;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>What calls of an entry ask of one counter.</summary>
/// <param name="Counter">The counter.</param>
/// <param name="MaxMillionths">What it may hold after a call.</param>
/// <param name="OnDeny">The author's words for a refused agent, or null.</param>
/// <param name="Partition">What tells counters of the definition apart; null for nothing.</param>
internal abstract record CounterUse(CounterDefinition Counter, long MaxMillionths, string? OnDeny, PartitionSource? Partition)
{
    /// <summary>What the counter must hold before a call.</summary>
    public virtual long MinMillionths => 0;

    /// <summary>What a call adds, unless it says so itself.</summary>
    public virtual long AmountMillionths => CounterDemand.Unit;

    /// <summary>Where a call says what it adds; null where all add the same.</summary>
    public virtual AmountSource? Amount => null;

    /// <summary>What a call is denied with that the counter has no room for.</summary>
    public virtual DecisionCode RefusedCode => DecisionCode.LimitExceeded;

    /// <summary>What a call is denied with that has no value to tell counters apart by.</summary>
    public virtual DecisionCode ValuelessCode => DecisionCode.PartitionMissing;

    /// <summary>Whether a refusal goes on with when to come back.</summary>
    public virtual bool TellsWait => OnDeny is null;

    /// <summary>What is said where nothing is left.</summary>
    public abstract string UsedUp { get; }

    /// <summary>What is said of a call that no waiting helps.</summary>
    public virtual string NeverFits => UsedUp;

    /// <summary>What is said where the amount can't be read.</summary>
    public virtual string? NoAmount => null;

    /// <summary>What is said of a call without a value to tell counters apart by; only where there is such.</summary>
    public virtual string? NoValue => Partition is null
        ? null
        : $"{Partition.Need} {Quoted.Of(Counter.CounterName)} is counted for each value.";

    public CounterLimit Demand => new(Counter, MaxMillionths, MinMillionths);

    /// <summary>Where it stands in the policy.</summary>
    /// <param name="toolKey">The key of the entry that has it, or null.</param>
    public abstract Place PlaceIn(string? toolKey);

    /// <summary>What is said where something is left, but less than the call asks for; null where that makes no difference.</summary>
    public virtual string? TooLittleLeft(long leftMillionths) => null;

    public bool Fits(long usedMillionths, long amountMillionths) => Demand.IsMet(usedMillionths, amountMillionths);
}
