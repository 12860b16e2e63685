using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;

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
    /// <summary>What to tell a refused agent.</summary>
    public string Explanation => OnDeny ?? Describe();

    private string Describe()
    {
        int seconds = Counter.Window.Seconds;
        string window = WindowNames.Of(seconds) ?? string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds");
        decimal max = MaxMillionths / (decimal)CounterDemand.Unit;
        return string.Create(CultureInfo.InvariantCulture, $"The limit `{Counter.CounterName}` of {max:0.######} per {window} is used up.");
    }
}
