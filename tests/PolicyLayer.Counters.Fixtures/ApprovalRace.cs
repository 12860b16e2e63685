using PolicyLayer.Approvals;

namespace PolicyLayer.Tests;

/// <summary>
/// Four processes of sixteen callers each race on one store of approvals: for who makes the one request of a call that all ask for at once,
/// or for the uses of approvals that a person has given. <see cref="ProcessRace"/> runs it, with its <see cref="ProcessRace.Requests"/> or
/// <see cref="ProcessRace.Uses"/>.
/// </summary>
public static class ApprovalRace
{
    /// <summary>As far as clocks may differ, and then nothing ends: less than a minute, in milliseconds.</summary>
    public const long Differing = 50_000;

    /// <summary>A little farther: now and then a step ends all that there is.</summary>
    public const long SteppingTooFar = 61_000;

    /// <summary>How many calls are asked for, or uses spent.</summary>
    public static int LimitOf(string race) =>
        race == ProcessRace.Requests ? LongTests.Choose(24, 1_000) : LongTests.Choose(800, 100_000);

    /// <summary>Has a person approve what the workers spend.</summary>
    public static async Task ApproveAsync(IApprovalStore store, int uses)
    {
        for (long round = 1; round <= uses / ApprovalCalls.UsesEach; round++)
        {
            string id = ApprovalCalls.IdOf(round);
            Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(ApprovalCalls.Request(round, id, Now))).Kind);
            var answer = new ApprovalResolve { Time = Now, Id = id, IsApproved = true, By = "ann" };
            Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(answer));
        }
    }

    /// <summary>Each call has one request, which one caller made.</summary>
    /// <param name="race">The race that was run.</param>
    /// <param name="store">The store.</param>
    /// <param name="calls">How many calls were asked for.</param>
    /// <param name="lost">How many workers may have made and not taken down.</param>
    public static async Task RequireRequestsAsync(ProcessRace race, IApprovalStore store, int calls, int lost)
    {
        Assert.InRange(race.Admitted(), calls - lost, calls);
        var bindings = new HashSet<string>();
        StoredApproval? last = null;
        while (await ListAsync(store, last) is { Count: > 0 } page)
        {
            last = page[^1];
            Assert.All(page, pending => Assert.True(bindings.Add(pending.Binding), "A call has two requests."));
        }

        Assert.Equal(calls, bindings.Count);
    }

    /// <summary>Nothing is left of the approvals, and no more was spent than they covered.</summary>
    public static async Task RequireSpentAsync(ProcessRace race, IApprovalStore store, int uses, int lost)
    {
        Assert.InRange(race.Admitted(), uses - lost, uses);
        for (long round = 1; round <= uses / ApprovalCalls.UsesEach; round++)
        {
            Assert.False(await store.SpendAsync(ApprovalCalls.Use(round, Now)));
            Assert.Equal(
                ApprovalStatus.Spent, (await store.FindAsync(new ApprovalQuery(Now, ApprovalCalls.IdOf(round))))!.Status);
        }
    }

    /// <summary>Where clocks stepped so far that approvals ended: no more was spent than they covered, and nothing can be.</summary>
    public static async Task RequireNoMoreAsync(ProcessRace race, IApprovalStore store, int uses)
    {
        Assert.InRange(race.Admitted(), 0, uses);
        for (long round = 1; round <= uses / ApprovalCalls.UsesEach; round++)
        {
            Assert.False(await store.SpendAsync(ApprovalCalls.Use(round, Now)));
        }
    }

    private static DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(ProcessRace.Time);

    private static async Task<IReadOnlyList<StoredApproval>> ListAsync(IApprovalStore store, StoredApproval? after) =>
        await store.ListPendingAsync(new ApprovalListQuery { Time = Now, Count = 1_000, After = after });
}
