using System.Globalization;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>What the callers of a race ask of the counters, and what the test asks that looks afterwards.</summary>
internal sealed class RaceCalls(DateTimeOffset time, int seconds)
{
    /// <summary>Whose counters they are.</summary>
    public const string PolicyName = "race";

    /// <summary>How many values have a counter.</summary>
    public const int Values = 4;

    private const long Unit = CounterDemand.Unit;
    private const string Session = "s";

    private readonly CounterWindowLength _window = CounterWindowLength.FromSeconds(seconds);

    /// <summary>A week or month, whichever has its edges farther off.</summary>
    private readonly CounterWindowLength _calendar = FarthestFromEdges(time);

    /// <summary>Two limits of the policy, and a counter of the grant's.</summary>
    public CounterDemand[] Limits(string grant, long max) =>
    [
        Demand(Definition("total"), grant, Unit, max),
        Demand(Definition("sliding", CounterAlgorithm.Sliding), grant, Unit, max),
        Demand(new(PolicyName, "grant", CounterScope.Grant, _window), grant, Unit, CounterDemand.Largest),
    ];

    /// <summary>A counter for one of the values.</summary>
    public CounterDemand[] Value(int value, string grant, long max)
    {
        var definition = new CounterDefinition(PolicyName, "value", CounterScope.Policy, _window, isPartitioned: true);
        string digest = value.ToString("x32", CultureInfo.InvariantCulture);
        return [new(new CounterKey(definition, grant, Session, digest), Unit, max)];
    }

    /// <summary>A budget of the calendar's.</summary>
    public CounterDemand[] Budget(string grant, long max) =>
        [Demand(new(PolicyName, "budget", CounterScope.Policy, _calendar), grant, Unit, max)];

    /// <summary>A step that nobody has taken, after the one before it.</summary>
    public CounterDemand[] Step(long round, string grant)
    {
        CounterDefinition Mark(long of) => Definition(
            string.Create(CultureInfo.InvariantCulture, $"step-{of}"), CounterAlgorithm.Recent, CounterKind.Mark);
        CounterDemand own = Demand(Mark(round), grant, Unit, Unit);
        return round == 1
            ? [own]
            : [own, new(new CounterKey(Mark(round - 1), grant, Session), 0, CounterDemand.Largest, Unit)];
    }

    /// <summary>One of two calls that exclude each other.</summary>
    public CounterDemand[] Either(long round, bool isFirst, string grant)
    {
        CounterDefinition Mark(bool ofFirst) => Definition(
            string.Create(CultureInfo.InvariantCulture, $"{(ofFirst ? "read" : "send")}-{round}"),
            CounterAlgorithm.Sliding,
            CounterKind.Mark);
        return [Demand(Mark(isFirst), grant, Unit, CounterDemand.Largest), Demand(Mark(!isFirst), grant, 0, 0)];
    }

    private static CounterWindowLength FarthestFromEdges(DateTimeOffset time)
    {
        DateTime day = time.UtcDateTime;
        double ofWeek = (((int)day.DayOfWeek + 6) % 7) + day.TimeOfDay.TotalDays;
        double ofMonth = day.Day - 1 + day.TimeOfDay.TotalDays;
        double fromWeek = Math.Min(ofWeek, 7 - ofWeek);
        double fromMonth = Math.Min(ofMonth, DateTime.DaysInMonth(day.Year, day.Month) - ofMonth);
        return fromWeek > fromMonth ? CounterWindowLength.Week : CounterWindowLength.Month;
    }

    private static CounterDemand Demand(CounterDefinition definition, string grant, long amount, long max) =>
        new(new CounterKey(definition, grant, Session), amount, max);

    private CounterDefinition Definition(
        string name, CounterAlgorithm algorithm = CounterAlgorithm.Fixed, CounterKind kind = CounterKind.Limit) =>
        new(PolicyName, name, CounterScope.Policy, _window, algorithm, kind);
}
