using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>Where windows begin and end, on a clock that the case moves.</summary>
internal static class WindowCases
{
    private const long Unit = CounterDemand.Unit;
    public static readonly int[] Lengths = [1, 7, 60, 3_600, CounterWindowLength.MaxSeconds];

    public static void AddTo(CaseList cases)
    {
        const CounterStoreCapabilities Needs = CounterStoreCapabilities.RequestTime;
        cases.Add("fixed_window_edges", "Fixed windows begin at multiples of their length since the Unix epoch.", FixedEdges, Needs);
        cases.Add(
            "sliding_window_counts_long_enough", "In no interval of a sliding window's length is more than the maximum admitted.",
            SlidingHolds, Needs);
        cases.Add("sliding_window_forgets", "A charge counts at most a sixtieth of the sliding window too long.", SlidingForgets, Needs);
        cases.Add("retry_after_is_the_earliest_moment", "A refusal names the earliest moment at which the amount fits.", RetryAfter, Needs);
        cases.Add("retry_after_is_the_longest", "A refusal names the longest wait of the demands that refuse.", LongestRetryAfter, Needs);
    }

    private static async Task FixedEdges(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (int seconds in Lengths)
        {
            CounterDefinition counter = Definition("edges", windowSeconds: seconds);
            long length = seconds * 1_000L;
            long begin = ((CaseStores.Start / length) + 1) * length;
            await store.AdmitAsync(Request(counter, 2 * Unit, begin), "The first millisecond of a window").ConfigureAwait(false);
            await store.AdmitAsync(
                Request(counter, 2 * Unit, begin + length - 1), "The last millisecond of a window").ConfigureAwait(false);
            CounterReservation refusal = await store.RefuseAsync(
                Request(counter, 2 * Unit, begin + length - 1), "A third call in one window").ConfigureAwait(false);
            Require(WaitOf(refusal) == 1, "It asks for another wait than the one millisecond that is left of the window.");
            await store.AdmitAsync(
                Request(counter, 2 * Unit, begin + length, amount: 2 * Unit),
                "A call in the next window's first millisecond").ConfigureAwait(false);
        }
    }

    private static async Task SlidingHolds(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (int seconds in Lengths)
        {
            CounterDefinition counter = Definition("holds", windowSeconds: seconds, algorithm: CounterAlgorithm.Sliding);
            long length = seconds * 1_000L;
            for (int i = 0; i < 3; i++)
            {
                at += (length * 3) + (i * 17) + 1;
                await store.AdmitAsync(Request(counter, 3 * Unit, at, amount: 2 * Unit)).ConfigureAwait(false);
                await store.AdmitAsync(Request(counter, 3 * Unit, at + (length / 2))).ConfigureAwait(false);
                await store.RefuseAsync(
                    Request(counter, 3 * Unit, at + length - 1),
                    "A call within the window's length of those that filled it").ConfigureAwait(false);
            }
        }
    }

    private static async Task SlidingForgets(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (int seconds in Lengths)
        {
            CounterDefinition counter = Definition("forgets", windowSeconds: seconds, algorithm: CounterAlgorithm.Sliding);
            long forgotten = ((seconds * 61_000L) + 59) / 60;
            foreach (int offset in (int[])[0, 1, 16, 999])
            {
                at += (forgotten * 3) + offset;
                await store.AdmitAsync(Request(counter, Unit, at)).ConfigureAwait(false);
                await store.AdmitAsync(
                    Request(counter, Unit, at + forgotten), "A call a sixtieth of the window after the end").ConfigureAwait(false);
            }
        }
    }

    private static async Task RetryAfter(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Sliding])
        {
            foreach (int seconds in (int[])[1, 7, 60])
            {
                CounterDefinition counter = Definition("retry", windowSeconds: seconds, algorithm: algorithm);
                long length = seconds * 1_000L;
                long third = length / 3;
                at = ((((at + 600_000) / length) + 1) * length) + 5;
                await store.AdmitAsync(Request(counter, 5 * Unit, at, amount: 2 * Unit)).ConfigureAwait(false);
                await store.AdmitAsync(Request(counter, 5 * Unit, at + third, amount: 2 * Unit)).ConfigureAwait(false);
                long now = at + (2 * third);
                CounterRequest small = Request(counter, 5 * Unit, now, amount: 3 * Unit);
                long wait = WaitOf(await store.RefuseAsync(small).ConfigureAwait(false));
                await RequireEarliestAsync(store, counter, 3 * Unit, now + wait).ConfigureAwait(false);

                // Five fit only when everything has been forgotten, the three that were just charged included.
                wait += WaitOf(await store.RefuseAsync(Request(counter, 5 * Unit, now + wait, amount: 5 * Unit)).ConfigureAwait(false));
                await RequireEarliestAsync(store, counter, 5 * Unit, now + wait).ConfigureAwait(false);
            }
        }
    }

    private static async Task RequireEarliestAsync(CaseStore store, CounterDefinition counter, long amount, long moment)
    {
        await store.RefuseAsync(
            Request(counter, 5 * Unit, moment - 1, amount: amount), "A call a millisecond before the moment named").ConfigureAwait(false);
        await store.AdmitAsync(Request(counter, 5 * Unit, moment, amount: amount), "A call at the moment named").ConfigureAwait(false);
    }

    private static async Task LongestRetryAfter(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CaseLimit minute = new(Definition("minute", windowSeconds: 60), Unit);
        CaseLimit hour = new(Definition("hour", windowSeconds: 3_600), Unit);
        CaseLimit day = new(Definition("day", windowSeconds: 86_400), 9 * Unit);
        await store.AdmitAsync(Request([minute, hour, day], at: CaseStores.Start + 1)).ConfigureAwait(false);
        CounterReservation refusal = await store.RefuseAsync(
            Request([minute, hour, day], at: CaseStores.Start + 1_000)).ConfigureAwait(false);
        Require(WaitOf(refusal) == 3_599_000, "It doesn't name the wait for the hour, which is the longest that refuses.");
    }
}
