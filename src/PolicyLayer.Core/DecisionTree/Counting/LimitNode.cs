using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>One limit of a policy.</summary>
/// <param name="Counter">The counter that it uses.</param>
/// <param name="MaxMillionths">What the counter may hold.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="OnDeny">The author's words for a refused agent, or null.</param>
/// <param name="Amount">Where the amount stands, or null to count calls.</param>
/// <param name="Partition">What tells counters apart, or null for nothing.</param>
internal sealed record LimitNode(
    CounterDefinition Counter,
    long MaxMillionths,
    LimitPlace Place,
    string? OnDeny = null,
    AmountSource? Amount = null,
    PartitionSource? Partition = null) : CounterUse(Counter, MaxMillionths, OnDeny, Partition)
{
    public override AmountSource? Amount { get; } = Amount;

    public override string UsedUp => $"The limit {Words} is used up.";

    /// <summary>The most that it may ask for, never what it asked for.</summary>
    public override string NeverFits => Amount is null && MaxMillionths < CounterDemand.Unit
        ? $"The limit {Words} lets no call pass."
        : $"The call asks for more than {Say(MaxMillionths)} at once, which the limit {Words} never allows.";

    public override string? NoAmount
    {
        get
        {
            if (Amount is null)
            {
                return null;
            }

            (string path, string most, string name) =
                (Quoted.Of(Amount.Path.ToString()), Say(CounterDemand.Largest), Quoted.Of(Counter.CounterName));
            if (Amount.CountsElements)
            {
                return $"{path} must be the elements of a list, as the limit {name} counts them.";
            }

            return Amount.Path.FansOut
                ? $"{path} must be numbers from 0 to {most}, and no more together, as the limit {name} adds them up."
                : $"{path} must be a number from 0 to {most}, as the limit {name} adds it up.";
        }
    }

    private string Words
    {
        get
        {
            string each = Partition is null ? "" : $" for each {Partition.Names}";
            return $"{Quoted.Of(Counter.CounterName)} of {Say(MaxMillionths)} per {WindowNames.Describe(Counter.Window)}{each}";
        }
    }

    public override Place PlaceIn(string? toolKey) => Place.In(toolKey);

    public override string TooLittleLeft(long leftMillionths) =>
        $"The limit {Words} has {Say(leftMillionths)} left, less than the call asks for.";

    private static string Say(long millionths) =>
        (millionths / (decimal)CounterDemand.Unit).ToString("0.######", CultureInfo.InvariantCulture);
}
