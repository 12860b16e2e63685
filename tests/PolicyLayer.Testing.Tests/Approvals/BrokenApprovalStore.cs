using PolicyLayer.Approvals;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Approvals;

/// <summary>A slow store on a list of approvals that is right without a defect.</summary>
internal sealed class BrokenApprovalStore(ApprovalDefect defect, BrokenApprovals storage, ApprovalStoreOpening opening) : IApprovalStore
{
    private readonly int _maxApprovals = opening.MaxApprovals ?? int.MaxValue;

    public async ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfCancelled(cancellationToken);
        lock (storage)
        {
            storage.Advance(request.Time);
            if (Look(request) is { } there)
            {
                return there;
            }

            if (defect != ApprovalDefect.ChecksThenRequests)
            {
                return Make(request);
            }
        }

        await storage.MeetAsync();
        lock (storage)
        {
            return Make(request);
        }
    }

    public async ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default)
    {
        ThrowIfCancelled(cancellationToken);
        BrokenApproval? held;
        lock (storage)
        {
            storage.Advance(use.Time);
            held = Find(use, ApprovalDefect.SpendsForOtherCalls);
            if (held is null || !CanSpend(held))
            {
                return false;
            }

            if (defect != ApprovalDefect.ChecksThenSpends)
            {
                Spend(held);
                return true;
            }
        }

        await storage.MeetAsync();
        lock (storage)
        {
            Spend(held);
            return true;
        }
    }

    public ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default)
    {
        ThrowIfCancelled(cancellationToken);
        lock (storage)
        {
            storage.Advance(use.Time);
            if (Find(use, ApprovalDefect.ReturnsForOtherCalls) is { } held && CanReturn(held))
            {
                held.UsesLeft++;
                held.Status = ApprovalStatus.Approved;
                held.End = held.Ended is null ? held.End : use.Time + held.Terms.ValidFor;
                held.Ended = null;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default)
    {
        ThrowIfCancelled(cancellationToken);
        lock (storage)
        {
            storage.Advance(answer.Time);
            return new(storage.Find(answer.Id) is { } held ? Resolve(held, answer) : ApprovalResolution.Unknown);
        }
    }

    public ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default)
    {
        ThrowIfCancelled(cancellationToken);
        lock (storage)
        {
            storage.Advance(query.Time);
            return new(storage.Find(query.Id)?.ToStored());
        }
    }

    public ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(ApprovalListQuery query, CancellationToken cancellationToken = default)
    {
        ThrowIfCancelled(cancellationToken);
        lock (storage)
        {
            storage.Advance(query.Time);
            IEnumerable<BrokenApproval> pending = storage.All
                .Where(each => each.IsPending || (defect == ApprovalDefect.ListsAnswered && each.Status == ApprovalStatus.Approved))
                .Where(each => query.GrantId is not { } grant || each.GrantId == grant || defect == ApprovalDefect.ListsOfAllGrants)
                .OrderBy(each => each.Requested).ThenBy(each => each.Id, StringComparer.Ordinal);
            if (defect == ApprovalDefect.ListsNewestFirst)
            {
                pending = pending.OrderByDescending(each => each.Requested).ThenByDescending(each => each.Id, StringComparer.Ordinal);
            }

            StoredApproval[] page = [.. pending.Select(each => each.ToStored())];
            return new(page.Skip(FirstBehind(page, query.After)).Take(query.Count).ToArray());
        }
    }

    private int FirstBehind(StoredApproval[] page, StoredApproval? after)
    {
        if (after is null)
        {
            return 0;
        }

        if (defect is ApprovalDefect.ListsByPlace or ApprovalDefect.ListsNewestFirst)
        {
            return Array.FindIndex(page, each => each.Id == after.Id) + 1;
        }

        return page.Count(each =>
            each.Requested < after.Requested || (each.Requested == after.Requested && string.CompareOrdinal(each.Id, after.Id) <= 0));
    }

    private ApprovalAnswer? Look(ApprovalRequest request)
    {
        BrokenApproval? there = storage.All
            .Where(each => IsAnswer(each) && IsFor(each, request.Binding, request.ExactBinding))
            .MinBy(each => defect == ApprovalDefect.PrefersWhatIsPending ? -each.Rank : each.Rank);
        if (there is not null)
        {
            return ApprovalAnswer.Found(there.ToStored());
        }

        bool isBarred = defect == ApprovalDefect.NarrowedBarsOthers
            && storage.All.Any(each => each.IsExact && IsAnswer(each) && storage.IsSame(each.Binding, request.Binding));
        return (request.MayRequest && !isBarred) || defect == ApprovalDefect.RequestsUnasked ? null : ApprovalAnswer.Nothing;
    }

    private bool IsAnswer(BrokenApproval held) => held.Ended is null && held.Status switch
    {
        ApprovalStatus.Refused => defect != ApprovalDefect.ForgetsRefusals,
        ApprovalStatus.Spent => false,
        _ => true,
    };

    private ApprovalAnswer Make(ApprovalRequest request)
    {
        int pending = storage.All.Count(each => each.GrantId == request.GrantId && CountsAsPending(each));
        if (pending >= request.MaxPending && defect != ApprovalDefect.IgnoresBoundOfGrant)
        {
            return ApprovalAnswer.TooMany;
        }

        if (storage.All.Count >= _maxApprovals)
        {
            if (defect != ApprovalDefect.EvictsLiveOnes)
            {
                return ApprovalAnswer.TooMany;
            }

            storage.All.RemoveAt(0);
        }

        var made = new BrokenApproval(request, request.Time);
        storage.All.Add(made);
        return ApprovalAnswer.Requested(made.ToStored());
    }

    private bool CountsAsPending(BrokenApproval held) => defect switch
    {
        ApprovalDefect.CountsAnswered => held.Ended is null,
        ApprovalDefect.CountsExpired => held.IsPending || held.Status == ApprovalStatus.Expired,
        _ => held.IsPending,
    };

    private BrokenApproval? Find(ApprovalUse use, ApprovalDefect forOtherCalls)
    {
        string? exact = defect == forOtherCalls ? null : use.ExactBinding;
        return storage.Find(use.Id) is { } held && (IsFor(held, use.Binding, exact) || defect == ApprovalDefect.IgnoresBindings)
            ? held
            : null;
    }

    /// <summary>Whether one is there for a call of a binding; for null any of them.</summary>
    private bool IsFor(BrokenApproval held, string binding, string? exactBinding)
    {
        bool isNarrowed = held.Status == ApprovalStatus.Refused
            ? defect == ApprovalDefect.RefusesTheCallAlone && held.IsExact
            : held.IsExact || defect == ApprovalDefect.NarrowsAll;
        if (!isNarrowed)
        {
            return storage.IsSame(held.Binding, binding);
        }

        bool isBound = storage.IsSame(held.Binding, binding) || defect == ApprovalDefect.NarrowedIgnoresBindings;
        bool isCall = exactBinding is null || storage.IsSame(held.ExactBinding, exactBinding);
        return isBound && isCall && defect != ApprovalDefect.NarrowedFoundByNobody;
    }

    private bool CanSpend(BrokenApproval held) => held.Ended is null && held.Status switch
    {
        ApprovalStatus.Approved => true,
        ApprovalStatus.Pending => defect == ApprovalDefect.SpendsWhatIsPending,
        ApprovalStatus.Spent => defect == ApprovalDefect.SpendsOneMore && held.UsesLeft == 0,
        _ => false,
    };

    private void Spend(BrokenApproval held)
    {
        if (--held.UsesLeft <= 0)
        {
            held.Status = ApprovalStatus.Spent;
            held.KeepsContent = defect == ApprovalDefect.KeepsContent;
        }
    }

    private bool CanReturn(BrokenApproval held)
    {
        bool hasSpent = held.UsesLeft < held.Terms.Uses || defect == ApprovalDefect.ReturnsMoreThanSpent;
        bool isLive = held.Ended is null || (defect == ApprovalDefect.ReturnsAfterTheEnd && held.Status == ApprovalStatus.Spent);
        bool isApproved = held.Status is ApprovalStatus.Approved or ApprovalStatus.Spent
            || (defect == ApprovalDefect.ReturnsAfterRefusal && held.Status == ApprovalStatus.Refused);
        return defect != ApprovalDefect.ReturnsNothing && hasSpent && isLive && isApproved;
    }

    private ApprovalResolution Resolve(BrokenApproval held, ApprovalResolve answer)
    {
        ApprovalResolution otherwise = held.Status switch
        {
            ApprovalStatus.Pending => ApprovalResolution.Done,
            ApprovalStatus.Approved when answer.IsApproved => ApprovalResolution.NotNeeded,
            ApprovalStatus.Approved when defect != ApprovalDefect.RefusesOnlyWhatIsPending => ApprovalResolution.Done,
            ApprovalStatus.Approved => ApprovalResolution.NotNeeded,
            ApprovalStatus.Spent when !answer.IsApproved && held.Ended is null && defect != ApprovalDefect.RefusesNothingSpent =>
                ApprovalResolution.Done,
            ApprovalStatus.Spent => ApprovalResolution.Spent,
            ApprovalStatus.Refused => ApprovalResolution.Refused,
            _ => ApprovalResolution.Expired,
        };
        bool isAgain = defect == ApprovalDefect.AnswersTwice && held.Ended is null && held.Answer is not null;
        if (otherwise != ApprovalResolution.Done && !isAgain)
        {
            return otherwise;
        }

        if (!answer.IsApproved)
        {
            Refuse(held, answer);
            return ApprovalResolution.Done;
        }

        bool isWider = answer.Uses > held.Terms.Uses || answer.ValidFor > held.Terms.ValidFor;
        if (isWider && (defect != ApprovalDefect.Widens || answer.Uses > ApprovalTerms.MaxUses))
        {
            return ApprovalResolution.NotAllowed;
        }

        Approve(held, answer);
        return ApprovalResolution.Done;
    }

    private void Approve(BrokenApproval held, ApprovalResolve answer)
    {
        if (defect != ApprovalDefect.IgnoresNarrowing)
        {
            held.Terms = new ApprovalTerms(answer.Uses ?? held.Terms.Uses, answer.ValidFor ?? held.Terms.ValidFor);
        }

        held.IsExact = answer.IsExact && defect != ApprovalDefect.IgnoresExactness;
        held.SaysExact = defect != ApprovalDefect.SaysNothingOfExactness;
        held.Status = ApprovalStatus.Approved;
        held.Answer = answer;
        held.UsesLeft = held.Terms.Uses;
        held.Begin = answer.Time;
        held.End = (defect == ApprovalDefect.EndsWithTheRequest ? held.Requested : answer.Time) + held.Terms.ValidFor;
        held.KeepsContent &= defect != ApprovalDefect.DropsContentWhenApproved;
    }

    private void Refuse(BrokenApproval held, ApprovalResolve answer)
    {
        storage.All.FindAll(each => each != held && IsEndedByRefusal(each, held)).ForEach(each => RefuseWithAnother(each, answer));
        held.Status = ApprovalStatus.Refused;
        held.Answer = answer;
        held.Begin = answer.Time;
        held.End = (defect == ApprovalDefect.RefusesFromTheRequest ? held.Requested : answer.Time) + held.PendingFor;
        held.KeepsContent = defect == ApprovalDefect.KeepsContent;
    }

    private void RefuseWithAnother(BrokenApproval each, ApprovalResolve answer)
    {
        if (defect == ApprovalDefect.RefusalLetsOthersExpire)
        {
            storage.End(each, answer.Time);
            return;
        }

        each.Status = ApprovalStatus.Refused;
        if (defect != ApprovalDefect.RefusalTellsOnlyTheAnswered || each.Answer is null)
        {
            each.Answer = answer;
        }

        if (defect == ApprovalDefect.RefusalIsInForceForAll)
        {
            (each.Begin, each.End, each.KeepsContent) = (answer.Time, answer.Time + each.PendingFor, false);
            return;
        }

        each.End = defect == ApprovalDefect.RefusalLeavesOthersTheirTime ? each.End : answer.Time;
        storage.End(each, each.End);
    }

    private bool IsEndedByRefusal(BrokenApproval each, BrokenApproval refused)
    {
        bool isSpared = each.Status switch
        {
            ApprovalStatus.Spent => defect == ApprovalDefect.RefusalSparesSpent,
            ApprovalStatus.Approved => defect == ApprovalDefect.RefusalSparesApproved,
            _ => defect == ApprovalDefect.RefusalSparesPending,
        };
        isSpared |= defect == ApprovalDefect.RefusalSparesNarrowed && each.IsExact;
        bool isOfIt = storage.IsSame(each.Binding, refused.Binding) || defect == ApprovalDefect.RefusalEndsOtherBindings;
        return (each.Ended is null || defect == ApprovalDefect.RefusesWhatHasEnded) && isOfIt && !isSpared;
    }

    private void ThrowIfCancelled(CancellationToken cancellationToken)
    {
        if (defect != ApprovalDefect.IgnoresCancellation)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
