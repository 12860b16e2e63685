using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>A clock that steps back.</summary>
internal static class ClockCases
{
    private const long Unit = CounterDemand.Unit;
    private const long TenYears = 315_576_000_000;
    private const string NothingMore = "A clock that steps back admits nothing more.";
    private static readonly CounterAlgorithm[] Algorithms = [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding];

    public static void AddTo(CaseList cases)
    {
        const CounterStoreCapabilities Needs = CounterStoreCapabilities.RequestTime;
        cases.Add("clock_steps_back", NothingMore, StepsBack, Needs);
        cases.Add("clock_steps_back_after_clean_up", NothingMore, AfterCleanUp, Needs);
        cases.Add(
            "clock_steps_back_over_a_restart", NothingMore, OverRestart, Needs | CounterStoreCapabilities.Durable);
        cases.Add("clock_steps_back_from_partly_full_counters", NothingMore, StepsBackAndForth, Needs);
        cases.Add(
            "retry_after_on_a_clock_that_stepped_back", "A refusal names the wait by the clock of the request.", RetryAfter, Needs);
    }

    private static async Task StepsBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("back", windowSeconds: 60, algorithm: algorithm);
            long at = CaseStores.Start + (algorithm == CounterAlgorithm.Fixed ? 600_000 : 86_400_000);
            await store.AdmitAsync(Request(counter, 2 * Unit, at, amount: 2 * Unit)).ConfigureAwait(false);
            foreach (long back in (long[])[1, 59_999, 60_000, 61_000, 150_000, 600_000])
            {
                await store.RefuseAsync(Request(counter, 2 * Unit, at - back), "A call after the clock stepped back").ConfigureAwait(false);
            }

            await store.RefuseAsync(Request(counter, 2 * Unit, at), "A call after the clock came back").ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 2 * Unit, at + 61_000), "A call after the window").ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Back, forth and back again at every fill: a store that forgets what was charged while the clock was behind, or ahead, admits too
    /// much only while there is room.
    /// </summary>
    private static async Task StepsBackAndForth(CaseStores stores)
    {
        const int Max = 5;
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("filling", windowSeconds: 60, algorithm: algorithm);
            foreach (long back in (long[])[1, 30_000, 60_000, 150_000, 600_000])
            {
                for (int fill = 1; fill <= Max; fill++)
                {
                    at += 3_600_000;
                    CounterRequest Call(long time) => Request(counter, Max * Unit, time);
                    int admitted = await store.CountAdmittedAsync(Call(at), fill).ConfigureAwait(false);
                    foreach (long moment in (long[])[at - back, at, at - (back / 2) - 1, at + 20_000, at - back, at + 20_000])
                    {
                        // One call at a time, so that there is room left for the next step; the last takes all of it.
                        int attempts = moment == at + 20_000 ? Max : 1;
                        admitted += await store.CountAdmittedAsync(Call(moment), attempts).ConfigureAwait(false);
                    }

                    Require(admitted == Max, $"{admitted} calls were admitted, back and forth within one window that has room for {Max}.");
                    await store.RequireUsedAsync(Max * Unit, counter, at: at - back).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>However a store accounts for it, one maximum must do until the clock is past the window that had been used up.</summary>
    private static async Task AfterCleanUp(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("back", windowSeconds: 60, algorithm: algorithm);
            long at = CaseStores.Start + (algorithm == CounterAlgorithm.Fixed ? 0 : 86_400_000);
            await store.AdmitAsync(Request(counter, 2 * Unit, at, amount: 2 * Unit)).ConfigureAwait(false);
            for (int i = 0; i < 100; i++)
            {
                CounterDefinition other = Definition("other", windowSeconds: 60, algorithm: algorithm);
                await store.AdmitAsync(Request(other, Unit, at + 600_000, grantId: $"other-{i}")).ConfigureAwait(false);
            }

            int admitted = await store.CountAdmittedAsync(Request(counter, 2 * Unit, at), attempts: 3).ConfigureAwait(false);
            admitted += await store.CountAdmittedAsync(Request(counter, 2 * Unit, at + 61_000), attempts: 3).ConfigureAwait(false);
            Require(admitted <= 2, $"{admitted} calls were admitted to windows that have room for 2.");
        }
    }

    private static async Task OverRestart(CaseStores stores)
    {
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("restart", windowSeconds: 60, algorithm: algorithm);
            long at = CaseStores.Start + (algorithm == CounterAlgorithm.Fixed ? 600_000 : 86_400_000);
            CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 2 * Unit, at, amount: 2 * Unit)).ConfigureAwait(false);
            await stores.CloseAsync().ConfigureAwait(false);
            store = await stores.OpenAsync().ConfigureAwait(false);
            await store.RefuseAsync(Request(counter, 2 * Unit, at - 300_000), "A call after the clock stepped back").ConfigureAwait(false);
            await stores.CloseAsync().ConfigureAwait(false);
        }
    }

    private static async Task RetryAfter(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("wait", windowSeconds: 60, algorithm: algorithm);
            foreach (long back in (long[])[1, 30_000, 600_000, TenYears])
            {
                at += 3_600_000 + back;
                await store.AdmitAsync(Request(counter, Unit, at)).ConfigureAwait(false);
                CounterReservation refusal = await store.RefuseAsync(Request(counter, Unit, at - back)).ConfigureAwait(false);
                long moment = at - back + WaitOf(refusal);
                await store.RefuseAsync(
                    Request(counter, Unit, moment - 1), "A call a millisecond before the moment named").ConfigureAwait(false);
                await store.AdmitAsync(Request(counter, Unit, moment), "A call at the moment named").ConfigureAwait(false);
            }
        }
    }
}
