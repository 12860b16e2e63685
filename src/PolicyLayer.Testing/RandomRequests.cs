using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;

namespace PolicyLayer.Testing;

/// <summary>Requests on a few counters of each kind.</summary>
/// <param name="canExpire">
/// Whether the clock is the requests': else windows are long, and none is the calendar's, whose bounds a request of another time names.
/// </param>
internal sealed class RandomRequests(bool canExpire)
{
    private const long Unit = CounterDemand.Unit;

    private readonly CounterDefinition[] _definitions = Definitions(canExpire);

    public CounterRequest Next(SeededRandom random, long now)
    {
        int count = 1 + random.Below(3);
        int first = random.Below(_definitions.Length);
        var limits = new CaseLimit[count];
        var amounts = new long[count];
        for (int i = 0; i < count; i++)
        {
            CounterDefinition definition = _definitions[(first + (i * 2)) % _definitions.Length];

            // What the calendar counts has room for long enough that other counters of the request decide.
            long max = definition.Window.IsCalendar ? random.Below(60 * Unit) : (3 * Unit) + random.Below(3 * Unit);
            limits[i] = new CaseLimit(definition, max, MinimumBelow(max, random), random.Below(2) == 0 ? "v" : "w");
            amounts[i] = random.Below(8) switch
            {
                0 => 0,
                1 => 1,
                2 => random.Below(4 * Unit),
                3 => 7 * Unit,
                _ => Unit,
            };
        }

        string grant = random.Below(2) == 0 ? "g" : "h";
        string session = random.Below(2) == 0 ? "s" : "t";
        return Request(limits, amounts, grant, session, now);
    }

    private static long MinimumBelow(long max, SeededRandom random) => random.Below(16) switch
    {
        0 => Math.Min(max, 1),
        1 => Math.Min(max, Unit),
        2 => random.Below(max + 1),
        _ => 0,
    };

    private static CounterDefinition[] Definitions(bool canExpire)
    {
        const CounterAlgorithm Sliding = CounterAlgorithm.Sliding;
        const CounterAlgorithm Recent = CounterAlgorithm.Recent;
        int Seconds(int seconds) => canExpire ? seconds : CounterWindowLength.MaxSeconds - seconds;
        CounterDefinition[] ofSeconds =
        [
            Definition("a", CounterScope.Grant, Seconds(1)),
            Definition("b", CounterScope.Session, Seconds(60)),
            Definition("c", CounterScope.Policy, Seconds(7)),
            Definition("d", CounterScope.Grant, Seconds(1), Sliding),
            Definition("e", CounterScope.Session, Seconds(7), Sliding),
            Definition("f", CounterScope.Policy, Seconds(60), Sliding),
            Definition("a", CounterScope.Grant, Seconds(1), isPartitioned: true),
            Definition("g", CounterScope.Session, Seconds(7), Recent, kind: CounterKind.Mark),
            Definition("c", CounterScope.Policy, Seconds(7), isPartitioned: true),
            Definition("h", CounterScope.Session, Seconds(60), Sliding, kind: CounterKind.Mark, isPartitioned: true),
            Definition("i", CounterScope.Policy, Seconds(60), Recent, isPartitioned: true),
            Definition("j", CounterScope.Grant, Seconds(1), Recent),
        ];
        CounterDefinition[] ofCalendar =
        [
            Calendar("week", CounterWindowLength.Week),
            Calendar("month", CounterWindowLength.Month, CounterScope.Policy),
            Calendar("week", CounterWindowLength.Week, CounterScope.Policy, isPartitioned: true),
            Calendar("month", CounterWindowLength.Month, CounterScope.Session, isPartitioned: true),
        ];
        return canExpire ? [.. ofSeconds, .. ofCalendar] : ofSeconds;
    }
}
