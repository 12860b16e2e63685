using System.Runtime.CompilerServices;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Counters;

/// <summary>What the values of the contract take, and how they answer.</summary>
public sealed class CounterContractTests
{
    private const long Unit = CounterDemand.Unit;

    private static readonly CounterDefinition OfGrant = CaseStore.Definition("grant");
    private static readonly CounterDefinition OfSession = CaseStore.Definition("session", CounterScope.Session);
    private static readonly CounterDefinition OfPolicy = CaseStore.Definition("policy", CounterScope.Policy);

    [Fact]
    public void A_key_has_what_its_scope_asks_for()
    {
        Assert.Equal(("g", null), PartsOf(new CounterKey(OfGrant, "g", "s")));
        Assert.Equal(("g", "s"), PartsOf(new CounterKey(OfSession, "g", "s")));
        Assert.Equal((null, null), PartsOf(new CounterKey(OfPolicy, "g", "s")));
        Assert.Equal(new CounterKey(OfGrant, "g", "s"), new CounterKey(CaseStore.Definition("grant"), "g", "t"));
        Assert.NotEqual(new CounterKey(OfSession, "g", "s"), new CounterKey(OfSession, "g", "t"));
        Assert.Throws<ArgumentNullException>(() => new CounterKey(OfGrant, null, "s"));
        Assert.Throws<ArgumentNullException>(() => new CounterKey(OfSession, "g", null));
        Assert.Throws<ArgumentNullException>(() => new CounterKey(null!, "g", "s"));
    }

    [Fact]
    public void A_request_refuses_what_no_call_can_ask()
    {
        CounterDemand fine = Demand(OfGrant);
        CounterDemand[][] impossible =
        [
            [default],
            [fine, fine],
            [Demand(OfGrant, grant: "another")],
            [Demand(OfSession, session: "another")],
            [Demand(OfGrant, amount: -1)],
            [Demand(OfGrant, amount: CounterDemand.Largest + 1)],
            [Demand(OfGrant, max: -1)],
            [Demand(OfGrant, max: CounterDemand.Largest + 1)],
            [new CounterDemand(fine.Key, 0, 5, -1)],
            [new CounterDemand(fine.Key, 0, 5, 6)],
        ];
        Assert.All(impossible, demands => Assert.Throws<ArgumentException>(() => Request(demands)));
        Assert.Throws<ArgumentException>(() => new CounterRequest(DateTimeOffset.UnixEpoch, "g", null, [Demand(OfSession)]));
        Assert.Throws<ArgumentNullException>(() => new CounterRequest(DateTimeOffset.UnixEpoch, null!, null, []));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new CounterRequest(DateTimeOffset.UnixEpoch, "g", null, [], (CounterRequestMode)2));
    }

    [Theory]
    [InlineData(Unit)]
    [InlineData(7)]
    public void A_request_is_walked_in_its_order_without_allocating(long amount)
    {
        CounterRequest request = Request([Demand(OfGrant, amount), Demand(OfSession, 2 * amount), Demand(OfPolicy, amount, max: 3)]);
        long sum = 0;
        long allocated = 0;
        for (int round = 0; round < 100; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (CounterDemand demand in request)
            {
                sum += demand.AmountMillionths;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(400 * amount, sum);
        Assert.Equal(0, allocated);
        Assert.Equal(("policy", amount, 3), (request[2].Key.Definition.CounterName, request[2].AmountMillionths, request[2].MaxMillionths));
        Assert.Throws<ArgumentOutOfRangeException>(() => request[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => request[-1]);
    }

    [Fact]
    public void A_window_s_length_is_a_whole_number_of_seconds_up_to_31_days()
    {
        Assert.Equal(TimeSpan.FromDays(31), CounterWindowLength.FromSeconds(CounterWindowLength.MaxSeconds).Duration);
        Assert.Equal("60", CounterWindowLength.FromSeconds(60).ToString());
        Assert.Null(default(CounterWindowLength).Duration);
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterWindowLength.FromSeconds(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterWindowLength.FromSeconds(CounterWindowLength.MaxSeconds + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterDefinition("p", "c", CounterScope.Grant, default));
    }

    [Fact]
    public void Weeks_and_months_are_windows_of_their_own_and_fixed()
    {
        Assert.Equal(("week", "month"), (CounterWindowLength.Week.ToString(), CounterWindowLength.Month.ToString()));
        Assert.Null(CounterWindowLength.Week.Duration);
        Assert.True(CounterWindowLength.Month.IsCalendar);
        Assert.False(CounterWindowLength.FromSeconds(604_800).IsCalendar);
        Assert.NotEqual(CounterWindowLength.FromSeconds(604_800), CounterWindowLength.Week);
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Sliding, CounterAlgorithm.Recent])
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new CounterDefinition("p", "c", CounterScope.Grant, CounterWindowLength.Week, algorithm));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => CaseStore.Definition("c", algorithm: (CounterAlgorithm)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => CaseStore.Definition("c", kind: (CounterKind)2));
    }

    [Fact]
    public void A_value_s_key_has_a_digest_and_no_other_has()
    {
        CounterDefinition values = CaseStore.Definition("c", isPartitioned: true);
        string digest = new('a', 32);
        Assert.Equal(digest, new CounterKey(values, "g", null, digest).Partition);
        Assert.Null(new CounterKey(OfGrant, "g", null, digest).Partition);
        Assert.NotEqual(new CounterKey(values, "g", null, digest), new CounterKey(values, "g", null, new string('b', 32)));
        Assert.Throws<ArgumentNullException>(() => new CounterKey(values, "g", null));
        foreach (string wrong in (string[])["", new string('a', 31), new string('a', 33), new string('A', 32), new string('g', 32)])
        {
            Assert.Throws<ArgumentException>(() => new CounterKey(values, "g", null, wrong));
        }
    }

    /// <summary>Every hour of five years, a century and a leap year among them.</summary>
    [Fact]
    public void A_demand_s_bounds_are_those_of_the_calendar()
    {
        for (var time = new DateTime(2096, 12, 1, 23, 59, 59, 999, DateTimeKind.Utc); time.Year < 2102; time = time.AddHours(1))
        {
            DateTime month = new(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc);
            RequireBounds(CounterWindowLength.Month, time, month, month.AddMonths(1), month.AddMonths(2));
            DateTime week = time.Date;
            while (week.DayOfWeek != DayOfWeek.Monday)
            {
                week = week.AddDays(-1);
            }

            RequireBounds(CounterWindowLength.Week, time, week, week.AddDays(7), week.AddDays(14));
            RequireBounds(
                CounterWindowLength.FromSeconds(3_600), time, time.Date.AddHours(time.Hour), time.Date.AddHours(time.Hour + 1),
                time.Date.AddHours(time.Hour + 2));
        }

        Assert.Null(Demand(CaseStore.Definition("c", algorithm: CounterAlgorithm.Sliding)).Bounds);
    }

    [Fact]
    public void Bounds_at_the_ends_of_what_clocks_show_are_times()
    {
        foreach (CounterWindowLength window in (CounterWindowLength[])[CounterWindowLength.Week, CounterWindowLength.Month])
        {
            CounterWindowBounds first = BoundsOf(window, DateTimeOffset.MinValue);
            CounterWindowBounds last = BoundsOf(window, DateTimeOffset.MaxValue);
            Assert.True(first.Start == DateTimeOffset.MinValue && first.End < first.NextEnd);
            Assert.True(last.Start < last.End && last.NextEnd == DateTimeOffset.MaxValue);
        }
    }

    /// <summary>For a store with charges of another form than ours: what a minimum refuses has no wait.</summary>
    [Theory]
    [InlineData(2, 9, null)]
    [InlineData(3, 9, 3_000)]
    [InlineData(4, 5, 5_000)]
    public void A_refusal_of_a_minimum_names_no_wait(long firstUsed, long secondUsed, int? wait)
    {
        CounterRequest request = Request([new(new CounterKey(OfGrant, "g", "s"), 1, 4, 3), Demand(OfPolicy, 2, max: 10)]);
        TimeSpan[] waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)];
        CounterReservation refusal = CounterArithmetic.Refuse(request, [firstUsed, secondUsed], waits);
        Assert.Equal(wait, (int?)refusal.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0L, null)]
    [InlineData(-1L, null)]
    [InlineData(1L, 10_000L)]
    [InlineData(10_000L, 10_000L)]
    [InlineData(10_001L, 20_000L)]
    [InlineData(long.MaxValue, 3_155_378_975_999_990_000L)]
    public void A_wait_is_rounded_up_to_milliseconds_that_a_clock_can_show(long? ticks, long? told)
    {
        CounterReservation refusal = CounterReservation.Refused([5], ticks is { } some ? TimeSpan.FromTicks(some) : null);
        Assert.Equal(told, refusal.RetryAfter?.Ticks);
        Assert.Equal([5, 0, 0], new[] { 0, 1, -1 }.Select(refusal.GetUsedMillionths));
    }

    [Fact]
    public void What_a_reservation_holds_depends_on_its_status()
    {
        CounterReservation refused = CounterReservation.Refused([1, 2], TimeSpan.FromSeconds(1));
        Assert.Equal((0, null, 0), (refused.Stamp, refused.State, refused.CapacityIndex));
        Assert.Equal([1, 2, 0], Enumerable.Range(0, 3).Select(refused.GetUsedMillionths));
        CounterReservation full = CounterReservation.AtCapacity(3);
        Assert.Equal((0, null, 3, null, 0), (full.Stamp, full.State, full.CapacityIndex, full.RetryAfter, full.GetUsedMillionths(0)));
        CounterReservation admitted = CounterReservation.Admitted(9, "mine");
        Assert.Equal((9, "mine", 0, null), (admitted.Stamp, admitted.State, admitted.CapacityIndex, admitted.RetryAfter));
        Assert.Equal(CounterReservationStatus.None, default(CounterReservation).Status);
    }

    [Fact]
    public void A_look_says_what_counters_hold_and_has_nothing_that_a_release_could_use()
    {
        foreach (long[] used in (long[][])[[], [7], [7, 0, 8]])
        {
            CounterReservation looked = CounterReservation.Looked((ReadOnlySpan<long>)used);
            Assert.Equal(
                (CounterReservationStatus.Admitted, 0, null, 0, null),
                (looked.Status, looked.Stamp, looked.State, looked.CapacityIndex, looked.RetryAfter));
            Assert.Equal([.. used, 0, 0], Enumerable.Range(0, used.Length + 2).Select(looked.GetUsedMillionths));
            Assert.Equal(0, looked.GetUsedMillionths(-1));
        }
    }

    [Fact]
    public void A_charge_that_says_what_counters_hold_has_all_that_a_release_needs()
    {
        long[] mine = [6, 7];
        foreach (long[] used in (long[][])[[], [7], [7, 0, 8]])
        {
            foreach (object? state in (object?[])[null, "mine", mine])
            {
                CounterReservation charged = CounterReservation.Charged(used, 9, state);
                Assert.Equal(
                    (CounterReservationStatus.Admitted, true, 9, 0, null),
                    (charged.Status, charged.SaysUsed, charged.Stamp, charged.CapacityIndex, charged.RetryAfter));
                Assert.Same(state, charged.State);
                Assert.Equal([.. used, 0, 0], Enumerable.Range(0, used.Length + 2).Select(charged.GetUsedMillionths));
                Assert.Equal(0, charged.GetUsedMillionths(-1));
            }
        }
    }

    [Fact]
    public void Only_some_answers_say_what_counters_hold() => Assert.Equal(
        [false, false, false, true, true, true],
        new[]
        {
            default, CounterReservation.Admitted(1, "mine"), CounterReservation.AtCapacity(),
            CounterReservation.Refused([1], null), CounterReservation.Looked((ReadOnlySpan<long>)[1]), CounterReservation.Charged([1]),
        }.Select(answer => answer.SaysUsed));

    /// <summary>What a charge remembers for its release isn't what counters hold.</summary>
    [Fact]
    public void A_charge_says_nothing_of_its_counters()
    {
        CounterReservation charged = CounterReservation.Admitted(5, new long[] { 6, 7 });
        Assert.Equal([0, 0], Enumerable.Range(0, 2).Select(charged.GetUsedMillionths));
    }

    [Fact]
    public void A_reservation_is_small_as_every_decision_copies_it() => Assert.Equal(32, Unsafe.SizeOf<CounterReservation>());

    /// <summary>A list that a store reads is copied: what it does with it later is no part of the answer.</summary>
    [Fact]
    public void A_look_keeps_no_list_of_the_store_s()
    {
        long[] used = [1, 2];
        CounterReservation looked = CounterReservation.Looked((ReadOnlySpan<long>)used);
        used[0] = 9;
        Assert.Equal(1, looked.GetUsedMillionths(0));
        CounterReservation charged = CounterReservation.Charged(used);
        used[0] = 8;
        Assert.Equal(9, charged.GetUsedMillionths(0));
    }

    [Fact]
    public void A_request_that_only_looks_says_what_it_found_though_it_wants_what_a_charge_leaves()
    {
        var counter = new CounterWindow(OfGrant);
        CounterRequest request = Request([Demand(OfGrant, 5)]) with { WantsUsed = true };
        Assert.True(CounterArithmetic.Fits(request, [counter], out _));
        Assert.Equal(5, CounterArithmetic.Admit(request, [counter]).GetUsedMillionths(0));
        Assert.False(request.Looking().WantsUsed);
        Assert.Equal(5, CounterArithmetic.Admit(request.Looking() with { WantsUsed = true }, [counter]).GetUsedMillionths(0));
        Assert.Equal(5, counter.UsedMillionths);
    }

    [Theory]
    [InlineData(CounterAlgorithm.Fixed)]
    [InlineData(CounterAlgorithm.Sliding)]
    [InlineData(CounterAlgorithm.Recent)]
    public void A_look_counts_at_its_time_and_moves_no_counter(CounterAlgorithm algorithm)
    {
        CounterDefinition definition = CaseStore.Definition("c", windowSeconds: 60, algorithm: algorithm);
        var counter = new CounterWindow(definition);
        counter.MoveTo(DateTimeOffset.UnixEpoch);
        counter.Charge(5);
        byte[] before = counter.Save();
        CounterDemand demand = new(new CounterKey(definition, "g", "s"), 1, 9);
        CounterRequest Look(int seconds) =>
            new(DateTimeOffset.UnixEpoch.AddSeconds(seconds), "g", "s", [demand], CounterRequestMode.Look);

        Assert.Equal(5, CounterArithmetic.Admit(Look(30), [counter]).GetUsedMillionths(0));
        Assert.Equal(0, CounterArithmetic.Admit(Look(120), [counter]).GetUsedMillionths(0));
        Assert.Equal(0, CounterArithmetic.Admit(Look(30), [null]).GetUsedMillionths(0));
        Assert.Equal(before, counter.Save());
    }

    /// <summary>
    /// For a store with charges of another form than ours: only those that refuse count, and what never fits has no wait.
    /// </summary>
    [Theory]
    [InlineData(2, 3, 3_000)]
    [InlineData(8, 3, 3_000)]
    [InlineData(9, 2, 5_000)]
    [InlineData(9, 3, 5_000)]
    public void A_refusal_names_the_longest_wait_of_what_refuses(long firstUsed, long secondUsed, int wait)
    {
        CounterRequest request = Request([Demand(OfGrant, 1, max: 9), Demand(OfPolicy, 2, max: 4)]);
        TimeSpan[] waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)];
        CounterReservation refusal = CounterArithmetic.Refuse(request, [firstUsed, secondUsed], waits);
        Assert.Equal(TimeSpan.FromMilliseconds(wait), refusal.RetryAfter);
        Assert.Equal([firstUsed, secondUsed], Enumerable.Range(0, 2).Select(refusal.GetUsedMillionths));

        request = Request([Demand(OfGrant, 1, max: 9), Demand(OfPolicy, 5, max: 4)]);
        Assert.Null(CounterArithmetic.Refuse(request, [firstUsed, secondUsed], waits).RetryAfter);
    }

    [Fact]
    public void A_list_of_another_request_is_the_callers_bug()
    {
        CounterRequest request = Request([Demand(OfGrant), Demand(OfPolicy)]);
        CounterWindow[] one = [new CounterWindow(OfGrant)];
        Assert.Throws<ArgumentException>(() => CounterArithmetic.Fits(request, one, out _));
        Assert.Throws<ArgumentException>(() => CounterArithmetic.Admit(request, one));
        Assert.Throws<ArgumentException>(() => CounterArithmetic.Refuse(request, [1], [TimeSpan.Zero, TimeSpan.Zero]));
        Assert.Throws<ArgumentException>(() => CounterArithmetic.Refuse(request, [1, 1], [TimeSpan.Zero]));
        var release = new CounterRelease(request, CounterReservation.Admitted(state: new long[1]));
        Assert.Throws<ArgumentException>(() => CounterArithmetic.Release(release, 0, one[0]));
    }

    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(1, 0, 0, false)]
    [InlineData(CounterDemand.Largest, CounterDemand.Largest, CounterDemand.Largest, false)]
    [InlineData(0, CounterDemand.Largest, CounterDemand.Largest, true)]
    [InlineData(1, CounterDemand.Largest, CounterDemand.Largest, false)]
    [InlineData(long.MaxValue, 1, long.MaxValue, false)]
    public void What_fits_is_exact(long used, long amount, long max, bool fits) =>
        Assert.Equal(fits, CounterArithmetic.Fits(used, amount, max));

    private static void RequireBounds(CounterWindowLength window, DateTime time, DateTime start, DateTime end, DateTime nextEnd)
    {
        CounterWindowBounds bounds = BoundsOf(window, time);
        Assert.Equal((start, end, nextEnd), (bounds.Start.UtcDateTime, bounds.End.UtcDateTime, bounds.NextEnd.UtcDateTime));
    }

    private static CounterWindowBounds BoundsOf(CounterWindowLength window, DateTimeOffset time)
    {
        var key = new CounterKey(new CounterDefinition("p", "c", CounterScope.Grant, window), "g", null);
        return new CounterRequest(time, "g", "s", [new CounterDemand(key, 1, 1)])[0].Bounds!.Value;
    }

    private static (string? Grant, string? Session) PartsOf(CounterKey key) => (key.GrantId, key.SessionId);

    private static CounterDemand Demand(
        CounterDefinition definition, long amount = Unit, long max = 9 * Unit, string grant = "g", string session = "s") =>
        new(new CounterKey(definition, grant, session), amount, max);

    private static CounterRequest Request(CounterDemand[] demands) => new(DateTimeOffset.UnixEpoch, "g", "s", demands);
}
