using System.Globalization;
using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>Weeks and months of the calendar, over years whose days are counted by the framework.</summary>
internal static class CalendarCases
{
    private const long Unit = CounterDemand.Unit;
    private const int LeapYear = 2104;

    /// <summary>A century, which is no leap year though four divides it.</summary>
    private const int OrdinaryYear = 2100;

    public static void AddTo(CaseList cases)
    {
        const CounterStoreCapabilities Needs = CounterStoreCapabilities.RequestTime;
        cases.Add("week_edges", "A week begins on Monday, at 00:00 UTC.", WeekEdges, Needs);
        cases.Add("month_edges", "A month begins on its first day, at 00:00 UTC.", MonthEdges, Needs);
        cases.Add(
            "calendar_after_the_clock_stepped_back",
            "A clock that steps back admits nothing more, and a release returns amounts to the windows that were charged.",
            StepsBack,
            Needs);
        cases.Add("calendar_is_no_number_of_seconds", "A week or month is another window than as many seconds.", Apart, Needs);
    }

    private static Task WeekEdges(CaseStores stores) => EdgesAsync(stores, CounterWindowLength.Week, year =>
    {
        DateTime first = new(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        while (first.DayOfWeek != DayOfWeek.Monday)
        {
            first = first.AddDays(1);
        }

        return Enumerable.Range(0, 53).Select(week => first.AddDays(7 * week));
    });

    private static Task MonthEdges(CaseStores stores) => EdgesAsync(
        stores,
        CounterWindowLength.Month,
        year => Enumerable.Range(1, 12).Select(month => new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc))
            .Append(new DateTime(year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc)));

    /// <summary>Every window of both years, filled in its last millisecond and in its first.</summary>
    private static async Task EdgesAsync(CaseStores stores, CounterWindowLength window, Func<int, IEnumerable<DateTime>> edgesOf)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (int year in (int[])[OrdinaryYear, LeapYear])
        {
            CounterDefinition counter = Calendar(string.Create(CultureInfo.InvariantCulture, $"edges-{year}"), window);
            long[] edges = [.. edgesOf(year).Select(MillisecondsOf)];
            for (int i = 0; i < edges.Length; i++)
            {
                await store.AdmitAsync(Request(counter, Unit, edges[i]), "The first millisecond of a window").ConfigureAwait(false);
                if (i == edges.Length - 1)
                {
                    break;
                }

                long wait = WaitOf(await store.RefuseAsync(Request(counter, Unit, edges[i])).ConfigureAwait(false));
                Require(wait == edges[i + 1] - edges[i], "It names another wait than the whole window.");
                long last = edges[i + 1] - 1;
                wait = WaitOf(await store.RefuseAsync(
                    Request(counter, Unit, last), "A second call in the last millisecond of a window").ConfigureAwait(false));
                Require(wait == 1, "It asks for another wait than the one millisecond that is left of the window.");
                await store.AdmitAsync(Request(counter, 2 * Unit, last), "A call that a larger maximum has room for").ConfigureAwait(false);
            }
        }
    }

    private static async Task StepsBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);

        // Both firsts of a month are Mondays. One after the other: a store need not go back behind what it has dropped.
        foreach ((int month, CounterWindowLength window) in ((int, CounterWindowLength)[])
            [(3, CounterWindowLength.Week), (11, CounterWindowLength.Month)])
        {
            long edge = MillisecondsOf(new DateTime(OrdinaryYear, month, 1, 0, 0, 0, DateTimeKind.Utc));
            CounterDefinition counter = Calendar("back", window);
            CounterRequest before = Request(counter, 2 * Unit, edge - 1, amount: 2 * Unit);
            CounterReservation reservation = await store.AdmitAsync(before).ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 2 * Unit, edge), "A call in the next window").ConfigureAwait(false);
            CounterRequest behind = Request(counter, 2 * Unit, edge - 1);
            CounterReservation ahead = await store.AdmitAsync(behind, "A call after the clock stepped back").ConfigureAwait(false);
            long wait = WaitOf(await store.RefuseAsync(
                Request(counter, 2 * Unit, edge - 1), "A call after the clock stepped back").ConfigureAwait(false));
            Require(wait > 7 * 86_400_000L, "It names another wait than to the end of the window that the counter is in.");
            await store.ReleaseAsync(before, reservation).ConfigureAwait(false);
            await store.RequireUsedAsync(2 * Unit, counter, at: edge).ConfigureAwait(false);
            await store.ReleaseAsync(behind, ahead).ConfigureAwait(false);
            await store.RequireUsedAsync(Unit, counter, at: edge).ConfigureAwait(false);
        }
    }

    private static async Task Apart(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition[] definitions =
        [
            Calendar("one", CounterWindowLength.Week),
            Calendar("one", CounterWindowLength.Month),
            Definition("one", windowSeconds: 7 * 86_400),
            Definition("one", windowSeconds: 31 * 86_400),
        ];
        foreach (CounterDefinition definition in definitions)
        {
            await store.AdmitAsync(Request(definition, Unit), "The first call on a counter of its own").ConfigureAwait(false);
            await store.RefuseAsync(Request(definition, Unit), "The second call on a counter of its own").ConfigureAwait(false);
        }
    }

    private static long MillisecondsOf(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();
}
