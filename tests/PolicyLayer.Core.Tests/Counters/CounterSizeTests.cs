using System.Runtime.CompilerServices;
using PolicyLayer.Counters;
using PolicyLayer.Testing;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Counters;

/// <summary>What a live counter takes up in memory. Alone, because the figures come from the garbage collector.</summary>
[Collection(nameof(CounterSizeTests))]
[CollectionDefinition(nameof(CounterSizeTests), DisableParallelization = true)]
public sealed class CounterSizeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("a grant each", 1, false, 1, 400)]
    [InlineData("1,000 sessions a grant", 1_000, false, 1, 300)]
    [InlineData("1,000 sessions a grant, sliding, one charge", 1_000, true, 1, 400)]
    [InlineData("1,000 sessions a grant, sliding, every bucket charged", 1_000, true, 61, 1_500)]
    public async Task A_live_counter_is_small(string what, int sessionsOfGrant, bool isSliding, int charges, long most)
    {
        CounterRequest[] requests = LiveCounters.Requests(sessionsOfGrant, isSliding);
        long bytes = await Heap.SizeOfAsync(() => ChargedAsync(requests, charges));

        GC.KeepAlive(requests);
        LiveCounters.RequireSize(output.WriteLine, $"In memory, {what}", bytes, most);
    }

    private static async Task<StrongBox<InMemoryCounterStore?>> ChargedAsync(CounterRequest[] requests, int charges)
    {
        CaseLimit[] limits = [new(requests[0][0].Key.Definition, requests[0][0].MaxMillionths)];
        var store = new InMemoryCounterStore();
        for (int charge = 0; charge < charges; charge++)
        {
            foreach (CounterRequest request in requests)
            {
                long at = request.UnixMilliseconds + (charge * 60_000);
                LiveCounters.RequireAdmitted(
                    await store.ReserveAsync(CaseStore.Request(limits, null, request.GrantId, request.SessionId, at)));
            }
        }

        Assert.Equal(requests.Length, store.Count);
        return new(store);
    }
}
