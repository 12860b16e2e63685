using PolicyLayer.Counters;
using PolicyLayer.Counters.InMemory;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Counters;

public sealed class InMemoryCounterStoreTests
{
    private const long Unit = CounterDemand.Unit;

    [Theory]
    [InlineData(CounterScope.Grant, CounterAlgorithm.Fixed, 1)]
    [InlineData(CounterScope.Session, CounterAlgorithm.Sliding, 1)]
    [InlineData(CounterScope.Policy, CounterAlgorithm.Fixed, 1)]
    [InlineData(CounterScope.Grant, CounterAlgorithm.Sliding, 3)]
    public void A_warm_reservation_allocates_nothing(CounterScope scope, CounterAlgorithm algorithm, int limits)
    {
        var store = new InMemoryCounterStore();
        CaseLimit[] all =
        [
            .. Enumerable.Range(0, limits)
                .Select(i => new CaseLimit(CaseStore.Definition($"c{i}", scope, 60, algorithm), Unit * 1_000_000)),
        ];
        CounterRequest[] requests = [.. Enumerable.Range(0, 500).Select(i => CaseStore.Request(all, at: CaseStores.Start + (i * 300)))];
        Assert.Equal(0, AllocatedBy(store, requests, CounterReservationStatus.Admitted));
    }

    [Fact]
    public void A_warm_refusal_of_one_limit_allocates_nothing()
    {
        var store = new InMemoryCounterStore();
        CounterDefinition counter = CaseStore.Definition("c");
        Assert.True(store.ReserveAsync(CaseStore.Request(counter, Unit)).AsTask().IsCompletedSuccessfully);
        Assert.Equal(0, AllocatedBy(store, [CaseStore.Request(counter, Unit)], CounterReservationStatus.Refused));
    }

    [Fact]
    public async Task Expired_counters_are_dropped_while_new_ones_are_made()
    {
        var store = new InMemoryCounterStore();
        CounterDefinition counter = CaseStore.Definition("c", windowSeconds: 60);
        for (int i = 0; i < 10_000; i++)
        {
            await store.ReserveAsync(CaseStore.Request(counter, Unit, CaseStores.Start + (i * 1_000), grantId: $"grant-{i}"));
        }

        Assert.InRange(store.Count, 1, 200);
    }

    /// <summary>A counter that a clock was ahead of, and that has gone back since, makes room when it expires by the right clock.</summary>
    [Fact]
    public async Task A_counter_that_went_back_makes_room_when_it_expires()
    {
        var store = new InMemoryCounterStore(new InMemoryCounterStoreOptions { MaxCounters = 1 });
        CounterDefinition recent = CaseStore.Definition("c", windowSeconds: 3_600, algorithm: CounterAlgorithm.Recent);
        const long Hour = 3_600_000;
        foreach (long at in (long[])[24 * Hour, 0])
        {
            CounterReservation charged = await store.ReserveAsync(CaseStore.Request(recent, 9 * Unit, CaseStores.Start + at));
            Assert.Equal(CounterReservationStatus.Admitted, charged.Status);
        }

        CounterRequest other = CaseStore.Request(CaseStore.Definition("d"), Unit, CaseStores.Start + (2 * Hour), grantId: "h");

        Assert.Equal(CounterReservationStatus.Admitted, (await store.ReserveAsync(other)).Status);
    }

    [Fact]
    public async Task Threads_that_make_and_drop_counters_lose_no_charge_and_no_room()
    {
        var store = new InMemoryCounterStore(new InMemoryCounterStoreOptions { MaxCounters = 64 });
        CounterDefinition brief = CaseStore.Definition("brief", CounterScope.Session, windowSeconds: 1);
        CaseLimit lasting = new(CaseStore.Definition("lasting", CounterScope.Policy), 1_000_000 * Unit);
        int[] admitted = await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            int count = 0;
            for (int i = 0; i < 20_000; i++)
            {
                CounterRequest request = CaseStore.Request(
                    [new CaseLimit(brief, Unit), lasting], grantId: $"g{i % 7}", sessionId: $"{thread}-{i}",
                    at: CaseStores.Start + (i * 50));
                count += (await store.ReserveAsync(request)).Status == CounterReservationStatus.Admitted ? 1 : 0;
            }

            return count;
        })));
        Assert.InRange(store.Count, 1, 64);
        Assert.Equal(admitted.Sum() * Unit, await new CaseStore(store, default).UsedAsync(lasting.Definition));
        Assert.True(admitted.Sum() > 0);
    }

    [Fact]
    public async Task A_refused_request_makes_no_counter()
    {
        var store = new InMemoryCounterStore();
        await store.ReserveAsync(CaseStore.Request(CaseStore.Definition("c"), Unit, amount: 2 * Unit));
        await store.ReserveAsync(CaseStore.Request(CaseStore.Definition("c"), Unit, amount: 0));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task A_look_makes_no_counter()
    {
        var store = new InMemoryCounterStore();
        await store.ReserveAsync(CaseStore.LookOf(CaseStore.Request(CaseStore.Definition("c"), Unit)));
        Assert.Equal(0, store.Count);
        Assert.Null(store.Partitions.Find("g"));
    }

    /// <summary>Between finding a partition and locking it, a sweep may take it out as empty: a charge in it would be lost.</summary>
    [Theory]
    [InlineData(Unit)]
    [InlineData(1)]
    public async Task A_charge_never_goes_to_a_partition_that_was_retired_meanwhile(long amount)
    {
        var store = new InMemoryCounterStore();
        CounterPartition retired = store.Partitions.FindOrAdd("g");

        // A live counter keeps it from being swept away before the store has found it.
        retired.Add(CaseStore.Definition("live"), owner: null, CaseStores.Start).MoveTo(CaseStores.Start);
        retired.Retire();
        CounterDefinition counter = CaseStore.Definition("c");
        await new CaseStore(store, default).AdmitAsync(CaseStore.Request(counter, Unit, amount: amount));
        Assert.Equal(1, retired.Count);
        Assert.NotSame(retired, store.Partitions.Find("g"));
        Assert.Equal(amount, await new CaseStore(store, default).UsedAsync(counter));
    }

    [Fact]
    public async Task A_release_with_the_answer_to_another_request_locks_nobody_out()
    {
        var store = new InMemoryCounterStore();
        CaseLimit[] limits = [new(CaseStore.Definition("a"), 3 * Unit), new(CaseStore.Definition("b"), 3 * Unit)];
        await store.ReserveAsync(CaseStore.Request(limits));
        CounterReservation ofAnother = CounterReservation.Admitted(state: new long[1]);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.ReleaseAsync(new CounterRelease(CaseStore.Request(limits), ofAnother)));
        Task<CounterReservation> next = Task.Run(() => store.ReserveAsync(CaseStore.Request(limits)).AsTask());
        Assert.Same(next, await Task.WhenAny(next, Task.Delay(TimeSpan.FromMinutes(1))));
        Assert.Equal(CounterReservationStatus.Admitted, (await next).Status);
    }

    [Fact]
    public void Bounds_below_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryCounterStore(new InMemoryCounterStoreOptions { MaxCounters = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new InMemoryCounterStore(new InMemoryCounterStoreOptions { MaxCountersPerGrant = 0 }));
    }

    private static long AllocatedBy(InMemoryCounterStore store, CounterRequest[] requests, CounterReservationStatus expected)
    {
        long allocated = 0;

        // The first rounds make the counters and warm up the code.
        for (int round = 0; round < 40; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (CounterRequest request in requests)
            {
                ValueTask<CounterReservation> answer = store.ReserveAsync(request);
                if (!answer.IsCompletedSuccessfully || answer.Result.Status != expected)
                {
                    throw new InvalidOperationException("It isn't answered as expected.");
                }
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }
}
