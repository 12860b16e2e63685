using System.Collections.Concurrent;
using PolicyLayer.Approvals;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Approvals;

/// <summary>The kit passes what is right and names what is wrong.</summary>
public sealed class ApprovalConformanceTests
{
    private const ApprovalStoreCapabilities All = ApprovalStoreCapabilities.RequestTime | ApprovalStoreCapabilities.Durable
        | ApprovalStoreCapabilities.Shared | ApprovalStoreCapabilities.Bounded;

    public static TheoryData<string> AllCases =>
        [.. ApprovalStoreConformance.Cases(new BrokenHarness(ApprovalDefect.None, All)).Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(AllCases))]
    public async Task A_store_without_a_defect_passes(string name) => await Case(ApprovalDefect.None, name).RunAsync();

    [Theory]
    [InlineData(ApprovalDefect.ChecksThenSpends, "spent_among_callers")]
    [InlineData(ApprovalDefect.ChecksThenSpends, "spent_among_instances")]
    [InlineData(ApprovalDefect.ChecksThenRequests, "requested_among_callers")]
    [InlineData(ApprovalDefect.ChecksThenRequests, "requested_among_instances")]
    [InlineData(ApprovalDefect.IgnoresBindings, "bindings_are_kept_apart")]
    [InlineData(ApprovalDefect.FoldsCase, "bindings_are_kept_apart")]
    [InlineData(ApprovalDefect.FoldsCase, "ids_are_kept_apart")]
    [InlineData(ApprovalDefect.SpendsWhatIsPending, "only_an_approval_is_spent")]
    [InlineData(ApprovalDefect.SpendsWhatIsPending, "a_request_is_kept_as_it_was_made")]
    [InlineData(ApprovalDefect.SpendsOneMore, "spends_as_many_as_there_are")]
    [InlineData(ApprovalDefect.ReturnsNothing, "gives_back_what_was_spent")]
    [InlineData(ApprovalDefect.ReturnsNothing, "given_back_among_callers")]
    [InlineData(ApprovalDefect.ReturnsMoreThanSpent, "gives_back_no_more_than_was_spent")]
    [InlineData(ApprovalDefect.ReturnsAfterRefusal, "what_is_in_force_can_be_refused")]
    [InlineData(ApprovalDefect.ReturnsAfterTheEnd, "a_use_comes_back_until_the_end")]
    [InlineData(ApprovalDefect.Widens, "an_answer_may_not_widen")]
    [InlineData(ApprovalDefect.IgnoresNarrowing, "an_answer_may_narrow")]
    [InlineData(ApprovalDefect.IgnoresExactness, "what_is_narrowed_says_so")]
    [InlineData(ApprovalDefect.IgnoresExactness, "what_is_narrowed_leaves_other_calls")]
    [InlineData(ApprovalDefect.SaysNothingOfExactness, "what_is_narrowed_says_so")]
    [InlineData(ApprovalDefect.SpendsForOtherCalls, "what_is_narrowed_is_spent_by_its_call")]
    [InlineData(ApprovalDefect.SpendsForOtherCalls, "what_is_narrowed_is_spent_among_callers")]
    [InlineData(ApprovalDefect.SpendsForOtherCalls, "exact_bindings_are_kept_apart")]
    [InlineData(ApprovalDefect.ReturnsForOtherCalls, "what_is_narrowed_is_given_back_by_its_call")]
    [InlineData(ApprovalDefect.NarrowedBarsOthers, "what_is_narrowed_leaves_other_calls")]
    [InlineData(ApprovalDefect.NarrowedFoundByNobody, "what_is_narrowed_covers_its_call")]
    [InlineData(ApprovalDefect.NarrowsAll, "what_is_pending_answers_its_binding")]
    [InlineData(ApprovalDefect.NarrowsAll, "what_is_approved_covers_its_binding")]
    [InlineData(ApprovalDefect.NarrowedIgnoresBindings, "what_is_narrowed_is_spent_by_its_call")]
    [InlineData(ApprovalDefect.NarrowedIgnoresBindings, "exact_bindings_are_kept_apart")]
    [InlineData(ApprovalDefect.FoldsCase, "exact_bindings_are_kept_apart")]
    [InlineData(ApprovalDefect.RefusalSparesNarrowed, "refusal_ends_what_is_narrowed")]
    [InlineData(ApprovalDefect.RefusesTheCallAlone, "what_is_narrowed_takes_a_refusal")]
    [InlineData(ApprovalDefect.Widens, "what_is_narrowed_may_not_widen")]
    [InlineData(ApprovalDefect.LosesOnRestart, "what_is_narrowed_survives_a_restart")]
    [InlineData(ApprovalDefect.ForgetsRefusals, "a_refusal_says_who_and_why")]
    [InlineData(ApprovalDefect.RefusesOnlyWhatIsPending, "what_is_in_force_can_be_refused")]
    [InlineData(ApprovalDefect.RefusesNothingSpent, "spent_takes_a_refusal")]
    [InlineData(ApprovalDefect.RefusesNothingSpent, "spent_takes_a_refusal_until_its_end")]
    [InlineData(ApprovalDefect.RefusalSparesSpent, "refusal_outlives_a_return")]
    [InlineData(ApprovalDefect.RefusalSparesSpent, "nothing_comes_back_after_a_refusal")]
    [InlineData(ApprovalDefect.RefusalSparesApproved, "refusal_ends_what_came_back")]
    [InlineData(ApprovalDefect.RefusalSparesApproved, "refusal_ends_what_is_approved")]
    [InlineData(ApprovalDefect.RefusalSparesPending, "refusal_ends_what_is_pending")]
    [InlineData(ApprovalDefect.RefusalEndsOtherBindings, "refusal_leaves_other_bindings")]
    [InlineData(ApprovalDefect.RefusalLetsOthersExpire, "refusal_outlives_a_return")]
    [InlineData(ApprovalDefect.RefusalLetsOthersExpire, "refusal_ends_what_is_approved")]
    [InlineData(ApprovalDefect.RefusalLetsOthersExpire, "refusal_ends_what_is_pending")]
    [InlineData(ApprovalDefect.RefusalLetsOthersExpire, "refusal_ends_what_is_narrowed")]
    [InlineData(ApprovalDefect.RefusalTellsOnlyTheAnswered, "refusal_refuses_the_same_way")]
    [InlineData(ApprovalDefect.RefusalIsInForceForAll, "refusal_is_in_force_once")]
    [InlineData(ApprovalDefect.RefusalLeavesOthersTheirTime, "refusal_refuses_the_same_way")]
    [InlineData(ApprovalDefect.RefusalLeavesOthersTheirTime, "refused_besides_is_remembered")]
    [InlineData(ApprovalDefect.RefusesWhatHasEnded, "refusal_leaves_what_has_ended")]
    [InlineData(ApprovalDefect.AnswersTwice, "answers_that_come_too_late")]
    [InlineData(ApprovalDefect.AnswersTwice, "answered_among_callers")]
    [InlineData(ApprovalDefect.AnswersTwice, "answered_among_instances")]
    [InlineData(ApprovalDefect.PrefersWhatIsPending, "answers_in_their_order")]
    [InlineData(ApprovalDefect.RequestsUnasked, "nothing_is_requested_unasked")]
    [InlineData(ApprovalDefect.KeepsContent, "contents_go_with_the_answer")]
    [InlineData(ApprovalDefect.KeepsExpiredContent, "contents_go_with_the_time")]
    [InlineData(ApprovalDefect.DropsContentWhenApproved, "an_approval_says_who_and_why")]
    [InlineData(ApprovalDefect.EndsLate, "a_request_ends")]
    [InlineData(ApprovalDefect.EndsLate, "an_approval_ends")]
    [InlineData(ApprovalDefect.EndsLate, "a_refusal_ends")]
    [InlineData(ApprovalDefect.EndsWithTheRequest, "an_approval_begins_with_its_answer")]
    [InlineData(ApprovalDefect.RefusesFromTheRequest, "a_refusal_of_what_was_approved_ends")]
    [InlineData(ApprovalDefect.FollowsClockBack, "a_request_before_its_time")]
    [InlineData(ApprovalDefect.FollowsClockBack, "an_approval_before_its_time")]
    [InlineData(ApprovalDefect.OpensAgain, "what_has_expired_stays_so")]
    [InlineData(ApprovalDefect.AllowsNoDifference, "clocks_may_differ_a_little")]
    [InlineData(ApprovalDefect.RefusesOnlyFromThen, "a_refusal_holds_before_its_time")]
    [InlineData(ApprovalDefect.ForgetsAtOnce, "ends_are_remembered_for_an_hour")]
    [InlineData(ApprovalDefect.RemembersForEver, "ends_are_remembered_for_an_hour")]
    [InlineData(ApprovalDefect.RemembersForEver, "forgotten_approvals_make_room")]
    [InlineData(ApprovalDefect.RemembersWhatIsAhead, "ends_are_forgotten_by_a_clock_that_stepped_back")]
    [InlineData(ApprovalDefect.EvictsLiveOnes, "approvals_are_bounded_in_all")]
    [InlineData(ApprovalDefect.IgnoresBoundOfGrant, "pending_requests_of_a_grant_are_bounded")]
    [InlineData(ApprovalDefect.IgnoresBoundOfGrant, "bounded_among_callers")]
    [InlineData(ApprovalDefect.IgnoresBoundOfGrant, "bounded_among_instances")]
    [InlineData(ApprovalDefect.CountsAnswered, "answered_requests_make_room_for_their_grant")]
    [InlineData(ApprovalDefect.CountsExpired, "expired_requests_make_room_for_their_grant")]
    [InlineData(ApprovalDefect.ListsNewestFirst, "lists_the_oldest_first")]
    [InlineData(ApprovalDefect.ListsByPlace, "lists_on_from_what_has_ended")]
    [InlineData(ApprovalDefect.ListsAnswered, "lists_what_is_pending")]
    [InlineData(ApprovalDefect.ListsOfAllGrants, "lists_in_pages")]
    [InlineData(ApprovalDefect.LosesOnRestart, "approvals_survive_a_restart")]
    [InlineData(ApprovalDefect.LosesOnRestart, "instances_share_approvals")]
    [InlineData(ApprovalDefect.IgnoresCancellation, "cancelled_beforehand")]
    public async Task A_broken_store_is_caught_by_the_case_that_names_its_promise(ApprovalDefect defect, string name)
    {
        ConformanceCase broken = Case(defect, name);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => broken.RunAsync());
        Assert.Equal(name, caught.CaseName);
        Assert.Equal(broken.Promise, caught.Promise);
        Assert.Null(caught.InnerException);
    }

    [Theory]
    [InlineData(ApprovalDefect.IgnoresBindings)]
    [InlineData(ApprovalDefect.SpendsWhatIsPending)]
    [InlineData(ApprovalDefect.SpendsOneMore)]
    [InlineData(ApprovalDefect.ReturnsNothing)]
    [InlineData(ApprovalDefect.ReturnsMoreThanSpent)]
    [InlineData(ApprovalDefect.ReturnsAfterRefusal)]
    [InlineData(ApprovalDefect.ReturnsAfterTheEnd)]
    [InlineData(ApprovalDefect.Widens)]
    [InlineData(ApprovalDefect.IgnoresNarrowing)]
    [InlineData(ApprovalDefect.IgnoresExactness)]
    [InlineData(ApprovalDefect.SaysNothingOfExactness)]
    [InlineData(ApprovalDefect.SpendsForOtherCalls)]
    [InlineData(ApprovalDefect.ReturnsForOtherCalls)]
    [InlineData(ApprovalDefect.NarrowedBarsOthers)]
    [InlineData(ApprovalDefect.NarrowedFoundByNobody)]
    [InlineData(ApprovalDefect.NarrowsAll)]
    [InlineData(ApprovalDefect.RefusalSparesNarrowed)]
    [InlineData(ApprovalDefect.RefusesTheCallAlone)]
    [InlineData(ApprovalDefect.ForgetsRefusals)]
    [InlineData(ApprovalDefect.RefusesOnlyWhatIsPending)]
    [InlineData(ApprovalDefect.RefusesNothingSpent)]
    [InlineData(ApprovalDefect.RefusalSparesSpent)]
    [InlineData(ApprovalDefect.RefusalSparesPending)]
    [InlineData(ApprovalDefect.RefusalEndsOtherBindings)]
    [InlineData(ApprovalDefect.RefusalLetsOthersExpire)]
    [InlineData(ApprovalDefect.RefusalTellsOnlyTheAnswered)]
    [InlineData(ApprovalDefect.RefusalIsInForceForAll)]
    [InlineData(ApprovalDefect.RefusalLeavesOthersTheirTime)]
    [InlineData(ApprovalDefect.RefusesWhatHasEnded)]
    [InlineData(ApprovalDefect.AnswersTwice)]
    [InlineData(ApprovalDefect.RequestsUnasked)]
    [InlineData(ApprovalDefect.EndsWithTheRequest)]
    [InlineData(ApprovalDefect.RefusesFromTheRequest)]
    [InlineData(ApprovalDefect.FollowsClockBack)]
    [InlineData(ApprovalDefect.OpensAgain)]
    [InlineData(ApprovalDefect.AllowsNoDifference)]
    [InlineData(ApprovalDefect.RefusesOnlyFromThen)]
    [InlineData(ApprovalDefect.ForgetsAtOnce)]
    [InlineData(ApprovalDefect.IgnoresBoundOfGrant)]
    [InlineData(ApprovalDefect.CountsAnswered)]
    [InlineData(ApprovalDefect.CountsExpired)]
    [InlineData(ApprovalDefect.ListsNewestFirst)]
    [InlineData(ApprovalDefect.ListsAnswered)]
    public async Task Random_sequences_catch_defects_too(ApprovalDefect defect)
    {
        var failures = new List<string>();
        IEnumerable<ConformanceCase> cases = ApprovalStoreConformance.Cases(new BrokenHarness(defect, All), seed: 7);
        foreach (ConformanceCase random in cases.Where(each => each.Name.StartsWith("agrees", StringComparison.Ordinal)))
        {
            if (await Record.ExceptionAsync(() => random.RunAsync()) is { } failure)
            {
                failures.Add(failure.Message);
            }
        }

        Assert.NotEmpty(failures);
    }

    [Fact]
    public void Cases_that_need_more_than_a_store_can_do_are_left_out()
    {
        IEnumerable<string> names = ApprovalStoreConformance
            .Cases(new BrokenHarness(ApprovalDefect.None, ApprovalStoreCapabilities.None)).Select(each => each.Name);
        Assert.DoesNotContain("a_request_ends", names);
        Assert.DoesNotContain("approvals_survive_a_restart", names);
        Assert.DoesNotContain("spent_among_instances", names);
        Assert.DoesNotContain("approvals_are_bounded_in_all", names);
        Assert.Contains("spent_among_callers", names);
    }

    [Fact]
    public async Task A_store_with_a_clock_of_its_own_passes_what_is_left()
    {
        var harness = new BrokenHarness(ApprovalDefect.None, All & ~ApprovalStoreCapabilities.RequestTime);
        foreach (ConformanceCase each in ApprovalStoreConformance.Cases(harness))
        {
            await each.RunAsync();
        }
    }

    private static ConformanceCase Case(ApprovalDefect defect, string name) =>
        ApprovalStoreConformance.Cases(new BrokenHarness(defect, All)).Single(each => each.Name == name);

    private sealed class BrokenHarness(ApprovalDefect defect, ApprovalStoreCapabilities capabilities) : ApprovalStoreHarness
    {
        private readonly ConcurrentDictionary<string, BrokenApprovals> _storages = new();

        public override ApprovalStoreCapabilities Capabilities => capabilities;

        public override ValueTask<IApprovalStore> OpenAsync(ApprovalStoreOpening opening, CancellationToken cancellationToken) =>
            new(new BrokenApprovalStore(defect, StorageOf(opening.Storage), opening));

        private BrokenApprovals StorageOf(string name) => defect == ApprovalDefect.LosesOnRestart
            ? new BrokenApprovals(defect)
            : _storages.GetOrAdd(name, _ => new BrokenApprovals(defect));
    }
}
