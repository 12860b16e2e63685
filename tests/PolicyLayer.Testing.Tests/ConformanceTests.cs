using System.Collections.Concurrent;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>The kit passes what is right and names what is wrong.</summary>
public sealed class ConformanceTests
{
    private const CounterStoreCapabilities All = CounterStoreCapabilities.RequestTime | CounterStoreCapabilities.Durable
        | CounterStoreCapabilities.Shared | CounterStoreCapabilities.Bounded | CounterStoreCapabilities.Inventory;

    public static TheoryData<string> AllCases => Names(new BrokenHarness(Defect.None, All));

    [Theory]
    [MemberData(nameof(AllCases))]
    public async Task A_store_without_a_defect_passes(string name) => await Case(new BrokenHarness(Defect.None, All), name).RunAsync();

    [Theory]
    [InlineData(Defect.ChecksThenAdds, "atomic_among_callers")]
    [InlineData(Defect.ChecksThenAdds, "atomic_among_instances")]
    [InlineData(Defect.OffByOne, "admits_exactly_the_maximum")]
    [InlineData(Defect.IgnoresRelease, "release_gives_back")]
    [InlineData(Defect.ReleasesIntoNewWindow, "release_into_fixed_window")]
    [InlineData(Defect.ReleasesIntoNewWindow, "release_into_sliding_window")]
    [InlineData(Defect.ReleasesBelowZero, "release_never_below_zero")]
    [InlineData(Defect.ChargesPartially, "all_or_nothing")]
    [InlineData(Defect.EvictsLiveCounters, "bounded_in_all")]
    [InlineData(Defect.EvictsLiveCounters, "bounded_for_one_grant")]
    [InlineData(Defect.LosesOnRestart, "survives_a_restart")]
    [InlineData(Defect.CountsInFloats, "counts_whole_millionths")]
    [InlineData(Defect.FollowsClockBack, "clock_steps_back")]
    [InlineData(Defect.ForgetsOnCleanUp, "clock_steps_back_after_clean_up")]
    [InlineData(Defect.SlidesTooShort, "sliding_window_counts_long_enough")]
    [InlineData(Defect.ShiftsWindows, "fixed_window_edges")]
    [InlineData(Defect.MixesSessions, "keeps_counters_apart")]
    [InlineData(Defect.SaysWrongUse, "refusal_says_what_is_used")]
    [InlineData(Defect.IgnoresCancellation, "cancelled_beforehand")]
    [InlineData(Defect.NamesShortestWait, "retry_after_is_the_longest")]
    [InlineData(Defect.WaitsByItsOwnTime, "retry_after_on_a_clock_that_stepped_back")]
    [InlineData(Defect.FollowsClockBack, "clock_steps_back_from_partly_full_counters")]
    [InlineData(Defect.ChargesBehindWhatItCounts, "clock_steps_back_from_partly_full_counters")]
    [InlineData(Defect.CapsWait, "retry_after_on_a_clock_that_stepped_back")]
    [InlineData(Defect.IgnoresCancelledRelease, "cancelled_beforehand")]
    [InlineData(Defect.ChargesOnLook, "look_spends_nothing")]
    [InlineData(Defect.MakesCounterOnLook, "look_makes_no_counter")]
    [InlineData(Defect.MakesCounterOnLook, "look_moves_no_clock")]
    [InlineData(Defect.AnswersLooksWithoutBound, "look_makes_no_counter")]
    [InlineData(Defect.AnswersLooksWithoutBound, "look_counts_what_a_charge_would_revive")]
    [InlineData(Defect.ReleasesLooks, "look_gives_nothing_back")]
    [InlineData(Defect.LooksSayNothing, "look_says_what_is_used")]
    [InlineData(Defect.LooksSayNothing, "look_says_what_a_single_counter_holds")]
    [InlineData(Defect.LooksSayNothing, "look_says_what_values_hold")]
    [InlineData(Defect.LooksSayNothing, "look_says_what_a_minimum_finds")]
    [InlineData(Defect.LooksSayNothing, "look_says_nothing_of_what_has_ended")]
    [InlineData(Defect.RefusedLooksSayNothing, "look_says_what_is_used")]
    [InlineData(Defect.RefusedLooksSayNothing, "look_says_what_a_minimum_finds")]
    [InlineData(Defect.LooksSayTheFirstAlone, "look_says_what_is_used")]
    [InlineData(Defect.LooksSayWhatTheyWouldMake, "look_says_what_is_used")]
    [InlineData(Defect.LooksSayWhatTheyWouldMake, "look_says_what_a_single_counter_holds")]
    [InlineData(Defect.LooksSayWhatHasEnded, "look_says_nothing_of_what_has_ended")]
    [InlineData(Defect.LooksSayAllValues, "look_says_what_values_hold")]
    [InlineData(Defect.LooksSayNoMinima, "look_says_what_a_minimum_finds")]
    [InlineData(Defect.ChargesSayTheFirstAlone, "charge_says_what_it_left")]
    [InlineData(Defect.ChargesSayAnotherOrder, "charge_says_what_it_left")]
    [InlineData(Defect.ChargesSayWhatTheyFound, "charge_says_what_it_left")]
    [InlineData(Defect.ChargesSayWhatTheyFound, "charge_says_what_a_single_counter_holds")]
    [InlineData(Defect.ChargesFallSilent, "charge_says_what_it_left")]
    [InlineData(Defect.ChargesFallSilent, "charge_says_what_a_single_counter_holds")]
    [InlineData(Defect.IgnoresRelease, "charge_says_what_a_single_counter_holds")]
    [InlineData(Defect.ChargesSayAllValues, "charge_says_what_values_hold")]
    [InlineData(Defect.ChargesSayNoMinima, "charge_says_what_a_minimum_found")]
    [InlineData(Defect.ChargesSayAnotherOrder, "charge_says_what_a_minimum_found")]
    [InlineData(Defect.ChargesSayWhatHasEnded, "charge_says_nothing_of_what_has_ended")]
    [InlineData(Defect.ChargesThatSayForgetTheirTimes, "charge_that_says_is_given_back_after_the_clock_stepped_back")]
    [InlineData(Defect.ChargesSayItLater, "charge_says_nothing_that_others_charged_since")]
    [InlineData(Defect.ChargesSayItLater, "charge_says_nothing_that_other_instances_charged_since")]
    [InlineData(Defect.LooksAtFewWhenFull, "expired_counters_make_room_among_live_ones")]
    [InlineData(Defect.DropsFewWhenFull, "expired_counters_make_room_for_many")]
    [InlineData(Defect.DropsFewWhenFull, "expired_values_make_room_for_many")]
    [InlineData(Defect.NamesLateWait, "retry_after_is_the_earliest_moment")]
    [InlineData(Defect.IgnoresMinimum, "minimum_before_the_charge")]
    [InlineData(Defect.IgnoresMinimum, "minimum_and_maximum_together")]
    [InlineData(Defect.IgnoresMinimum, "minimum_after_a_release")]
    [InlineData(Defect.ChecksMinimumAfterTheCharge, "minimum_before_the_charge")]
    [InlineData(Defect.NamesWaitForMinimum, "minimum_has_no_wait")]
    [InlineData(Defect.RemembersRecentTooLong, "recent_counts_no_longer_than_its_window")]
    [InlineData(Defect.ForgetsRecentTooSoon, "recent_counts_long_enough")]
    [InlineData(Defect.IgnoresRelease, "recent_is_given_back")]
    [InlineData(Defect.KeepsRecentAtTheLatestTime, "recent_does_not_count_what_is_ahead")]
    [InlineData(Defect.KeepsRecentAtTheLatestTime, "recent_forgets_what_is_ahead_of_a_charge")]
    [InlineData(Defect.IgnoresRelease, "recent_released_after_it_was_forgotten")]
    [InlineData(Defect.BeginsRecentAtTheFloor, "recent_begins_at_its_request_after_clean_up")]
    [InlineData(Defect.ChargesRecentWithOthers, "recent_after_another_counter_was_ahead")]
    [InlineData(Defect.RemembersRecentAhead, "recent_forgets_what_is_ahead_of_a_charge")]
    [InlineData(Defect.CountsRecentFarAhead, "recent_does_not_count_what_is_ahead")]
    [InlineData(Defect.WaitsForAllDemands, "recent_ahead_asks_for_no_wait")]
    [InlineData(Defect.CountsNoRecentAhead, "recent_counts_what_callers_charge_a_moment_ahead")]
    [InlineData(Defect.MakesCounterForZero, "amount_zero_makes_no_counter")]
    [InlineData(Defect.BeginsWeeksOnSunday, "week_edges")]
    [InlineData(Defect.BeginsWeeksOnThursday, "week_edges")]
    [InlineData(Defect.CountsMonthsOf30Days, "month_edges")]
    [InlineData(Defect.LeapsInCenturies, "month_edges")]
    [InlineData(Defect.FollowsClockBack, "calendar_after_the_clock_stepped_back")]
    [InlineData(Defect.MixesCalendarAndSeconds, "calendar_is_no_number_of_seconds")]
    [InlineData(Defect.MixesValues, "values_have_counters_of_their_own")]
    [InlineData(Defect.MixesValuesAndPlain, "values_have_counters_of_their_own")]
    [InlineData(Defect.MixesKinds, "keeps_counters_apart")]
    [InlineData(Defect.ReleasesToAnotherValue, "values_are_given_back_to_their_own")]
    [InlineData(Defect.CountsSharedValuesForNobody, "bounded_for_values")]
    [InlineData(Defect.AnswersLooksWithoutBound, "bounded_for_values_of_one_request")]
    [InlineData(Defect.CountsSharedValuesForTheirUser, "values_of_the_policy_count_for_their_maker")]
    [InlineData(Defect.KeepsFirstMaker, "expired_values_count_for_who_makes_them_again")]
    [InlineData(Defect.KeepsExpiredValues, "expired_values_make_room")]
    [InlineData(Defect.ChecksThenAdds, "marks_and_maxima_of_zero_among_callers")]
    [InlineData(Defect.ChecksThenAdds, "marks_and_maxima_of_zero_among_instances")]
    [InlineData(Defect.ListsEmptyCounters, "inventory_lists_what_is_held")]
    [InlineData(Defect.ListsWrongUse, "inventory_lists_what_is_held")]
    [InlineData(Defect.ListsWrongEnd, "inventory_says_until_when")]
    [InlineData(Defect.ResetsAll, "inventory_resets_one_counter")]
    [InlineData(Defect.ResetsNothing, "inventory_resets_one_counter")]
    [InlineData(Defect.ReleasesOverResets, "inventory_reset_and_open_calls")]
    public async Task A_broken_store_is_caught_by_the_case_that_names_its_promise(Defect defect, string name)
    {
        ConformanceCase broken = Case(new BrokenHarness(defect, All), name);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => broken.RunAsync());
        Assert.Equal(name, caught.CaseName);
        Assert.Equal(broken.Promise, caught.Promise);
    }

    [Theory]
    [InlineData(Defect.OffByOne)]
    [InlineData(Defect.IgnoresRelease)]
    [InlineData(Defect.ReleasesIntoNewWindow)]
    [InlineData(Defect.ChargesPartially)]
    [InlineData(Defect.SlidesTooShort)]
    [InlineData(Defect.NamesShortestWait)]
    [InlineData(Defect.NamesLateWait)]
    [InlineData(Defect.FollowsClockBack)]
    [InlineData(Defect.ChargesBehindWhatItCounts)]
    [InlineData(Defect.WaitsByItsOwnTime)]
    [InlineData(Defect.ChargesOnLook)]
    [InlineData(Defect.LooksSayNothing)]
    [InlineData(Defect.RefusedLooksSayNothing)]
    [InlineData(Defect.LooksSayTheFirstAlone)]
    [InlineData(Defect.LooksSayWhatTheyWouldMake)]
    [InlineData(Defect.LooksSayWhatHasEnded)]
    [InlineData(Defect.LooksSayAllValues)]
    [InlineData(Defect.LooksSayNoMinima)]
    [InlineData(Defect.ChargesSayTheFirstAlone)]
    [InlineData(Defect.ChargesSayAnotherOrder)]
    [InlineData(Defect.ChargesSayWhatTheyFound)]
    [InlineData(Defect.ChargesSayWhatHasEnded)]
    [InlineData(Defect.ChargesSayAllValues)]
    [InlineData(Defect.ChargesSayNoMinima)]
    [InlineData(Defect.ChargesThatSayForgetTheirTimes)]
    [InlineData(Defect.IgnoresMinimum)]
    [InlineData(Defect.ChecksMinimumAfterTheCharge)]
    [InlineData(Defect.NamesWaitForMinimum)]
    [InlineData(Defect.RemembersRecentTooLong)]
    [InlineData(Defect.KeepsRecentAtTheLatestTime)]
    [InlineData(Defect.BeginsRecentAtTheFloor)]
    [InlineData(Defect.RemembersRecentAhead)]
    [InlineData(Defect.MixesValues)]
    public async Task Random_sequences_catch_defects_too_and_name_their_seed(Defect defect)
    {
        CounterStoreHarness harness = new BrokenHarness(defect, All);
        var failures = new List<string>();
        IEnumerable<ConformanceCase> cases = CounterStoreConformance.Cases(harness, seed: 7);
        foreach (ConformanceCase random in cases.Where(c => c.Name.StartsWith("agrees", StringComparison.Ordinal)))
        {
            if (await Record.ExceptionAsync(() => random.RunAsync()) is { } failure)
            {
                failures.Add(failure.Message);
            }
        }

        Assert.NotEmpty(failures);
        Assert.All(failures, message => Assert.Contains("Seed ", message, StringComparison.Ordinal));
    }

    /// <summary>What a charge left is said by stores that can.</summary>
    [Fact]
    public async Task A_store_whose_charges_say_nothing_passes()
    {
        IEnumerable<ConformanceCase> cases = CounterStoreConformance.Cases(new BrokenHarness(Defect.ChargesSayNothing, All))
            .Where(c => c.Name.StartsWith("charge_", StringComparison.Ordinal) || c.Name.StartsWith("agrees", StringComparison.Ordinal));
        Assert.NotEmpty(cases);
        foreach (ConformanceCase each in cases)
        {
            await each.RunAsync();
        }
    }

    [Fact]
    public void Cases_that_need_more_than_a_store_can_do_are_left_out()
    {
        IEnumerable<string> names = CounterStoreConformance.Cases(new BrokenHarness(Defect.None, CounterStoreCapabilities.None))
            .Select(c => c.Name);
        Assert.DoesNotContain("fixed_window_edges", names);
        Assert.DoesNotContain("survives_a_restart", names);
        Assert.DoesNotContain("atomic_among_instances", names);
        Assert.DoesNotContain("bounded_in_all", names);
        Assert.Contains("all_or_nothing", names);
    }

    private static TheoryData<string> Names(CounterStoreHarness harness) => [.. CounterStoreConformance.Cases(harness).Select(c => c.Name)];

    private static ConformanceCase Case(CounterStoreHarness harness, string name) =>
        CounterStoreConformance.Cases(harness).Single(c => c.Name == name);

    private sealed class BrokenHarness(Defect defect, CounterStoreCapabilities capabilities) : CounterStoreHarness
    {
        private readonly ConcurrentDictionary<string, BrokenStorage> _storages = new();

        public override CounterStoreCapabilities Capabilities => capabilities;

        public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken) =>
            new(new BrokenCounterStore(defect, StorageOf(opening.Storage), opening));

        private BrokenStorage StorageOf(string name) =>
            defect == Defect.LosesOnRestart ? new BrokenStorage() : _storages.GetOrAdd(name, _ => new BrokenStorage());
    }
}
