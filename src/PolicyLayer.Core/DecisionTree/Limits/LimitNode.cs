using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Limits;

/// <summary>One limit of a policy.</summary>
/// <param name="Counter">The counter that it uses.</param>
/// <param name="MaxMillionths">What the counter may hold.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="OnDeny">The author's words for a refused agent, or null.</param>
/// <param name="IncrementFrom">Where the amount stands, or null to count calls.</param>
internal sealed record LimitNode(
    CounterDefinition Counter, long MaxMillionths, LimitPlace Place, string? OnDeny = null, PolicyPath? IncrementFrom = null)
{
    /// <summary>What is said where nothing is left.</summary>
    public string UsedUp => $"The limit {Words} is used up.";

    /// <summary>What is said of a call that no waiting helps: the most that it may ask for, never what it asked for.</summary>
    public string NeverFits => IncrementFrom is null && MaxMillionths < CounterDemand.Unit
        ? $"The limit {Words} lets no call pass."
        : $"The call asks for more than {Say(MaxMillionths)} at once, which the limit {Words} never allows.";

    /// <summary>What is said where the amount can't be read.</summary>
    public string? NoAmount => IncrementFrom is null
        ? null
        : $"{Quoted.Of(IncrementFrom.ToString())} must be a number from 0 to {Say(CounterDemand.Largest)}, "
            + $"as the limit {Quoted.Of(Counter.CounterName)} adds it up.";

    private string Words
    {
        get
        {
            int seconds = Counter.Window.Seconds;
            string window = WindowNames.Of(seconds) ?? string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds");
            return $"{Quoted.Of(Counter.CounterName)} of {Say(MaxMillionths)} per {window}";
        }
    }

    /// <summary>What is said where something is left, but less than the call asks for.</summary>
    public string TooLittleLeft(long leftMillionths) =>
        $"The limit {Words} has {Say(leftMillionths)} left, less than the call asks for.";

    private static string Say(long millionths) =>
        (millionths / (decimal)CounterDemand.Unit).ToString("0.######", CultureInfo.InvariantCulture);
}
