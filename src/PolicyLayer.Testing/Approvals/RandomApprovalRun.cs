using System.Globalization;
using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>One random sequence. The clock moves both ways, mostly forward, and stands still for a store that has its own.</summary>
internal sealed class RandomApprovalRun
{
    private const int StepsBetweenPruning = 32;
    private const int Recent = 12;

    private readonly ApprovalStores _stores;
    private readonly ulong _seed;
    private readonly SeededRandom _random;
    private readonly RandomApprovals _operations;
    private readonly RandomClock _clock;
    private readonly bool _movesClock;
    private readonly List<ModelApproval> _model = [];
    private readonly List<ApprovalUse> _spent = [];
    private int _step;

    public RandomApprovalRun(ApprovalStores stores, ulong seed)
    {
        _stores = stores;
        _seed = seed;
        _random = new SeededRandom(seed);
        _movesClock = stores.Has(ApprovalStoreCapabilities.RequestTime);
        _operations = new RandomApprovals(_movesClock);
        _clock = new RandomClock((long)(seed % 100_000));
    }

    private long Now => _clock.Now;

    public async Task RunAsync(int steps)
    {
        CaseApprovals store = await _stores.OpenAsync().ConfigureAwait(false);
        for (_step = 0; _step < steps; _step++)
        {
            if (_movesClock)
            {
                _clock.Advance(_random);
                if (_step % StepsBetweenPruning == 0)
                {
                    _model.RemoveAll(each => _clock.Earliest > each.End + (2 * Hour));
                }
            }

            _model.ForEach(each => each.See(Now));
            await StepAsync(store).ConfigureAwait(false);
        }
    }

    private Task StepAsync(CaseApprovals store) => _random.Below(16) switch
    {
        0 or 1 or 2 or 3 or 4 => AskAsync(store),
        5 or 6 or 7 or 8 => ResolveAsync(store),
        9 or 10 or 11 => SpendAsync(store),
        12 or 13 => ReturnAsync(store),
        14 => FindAsync(store, Pick(ApprovalStatus.Pending).Use.Id),
        _ => ListAsync(store),
    };

    private async Task AskAsync(CaseApprovals store)
    {
        ApprovalRequest request = _operations.Next(_random, Now);
        ApprovalAnswer answer = await store.AskAsync(request).ConfigureAwait(false);
        ModelApproval[] there = [.. _model.Where(each => each.IsFor(request.Binding, request.ExactBinding))];
        int mustRank = there.Where(each => each.MustAnswer(Now)).Select(each => each.Rank).DefaultIfEmpty(int.MaxValue).Min();
        if (answer.Kind == ApprovalAnswerKind.Found)
        {
            ModelApproval found = there.SingleOrDefault(each => each.Id == answer.Approval!.Id)
                ?? throw new BrokenPromiseException(Here("A call was answered with an approval of another binding or call."));
            RequireHere(found.MayAnswer(Now) && found.Rank <= mustRank, $"A call was answered with one that is {found.Status}.");
            RequireAsHeld(found, answer.Approval!);
            found.Lives();
            EndAll(there.Where(each => each.Rank < found.Rank));
            return;
        }

        RequireHere(mustRank == int.MaxValue, $"A call was answered with {answer.Kind}, though there is something for it.");
        (int least, int most) = CountPending(request.GrantId);
        RequireHere((answer.Kind != ApprovalAnswerKind.Nothing) == request.MayRequest, $"A call was answered with {answer.Kind}.");
        bool isBoundKept = answer.Kind switch
        {
            ApprovalAnswerKind.Requested => least < request.MaxPending,
            ApprovalAnswerKind.TooMany => most >= request.MaxPending,
            _ => true,
        };
        RequireHere(isBoundKept, $"A call was answered with {answer.Kind}, and its grant has {least} to {most} of {request.MaxPending}.");
        EndAll(there);
        if (answer.Kind == ApprovalAnswerKind.Requested)
        {
            var made = new ModelApproval(request, Now);
            _model.Add(made);
            RequireAsHeld(made, answer.Approval!);
        }
    }

    private async Task SpendAsync(CaseApprovals store)
    {
        (ApprovalUse use, ModelApproval? held) = Pick(ApprovalStatus.Approved);
        bool isSpent = await store.Store.SpendAsync(use, _stores.CancellationToken).ConfigureAwait(false);
        bool isItsOwn = held?.IsFor(use.Binding, use.ExactBinding) == true && held.Status == ApprovalStatus.Approved;
        RequireHere(
            isSpent ? isItsOwn && held!.MayLive(Now) : !isItsOwn || !held!.MustLive(Now),
            $"One that is {held?.Status} was {(isSpent ? "" : "not ")}spent.");
        if (isSpent)
        {
            held!.Spend();
            held.Lives();
            _spent.Add(use);
        }
        else if (isItsOwn)
        {
            held!.Ends(Now);
        }
    }

    private async Task ReturnAsync(CaseApprovals store)
    {
        (ApprovalUse use, ModelApproval? held) = Pick(ApprovalStatus.Spent);
        if (_spent.Count > 0 && _random.Below(4) != 0)
        {
            int index = _spent.Count - 1 - _random.Below(Math.Min(Recent, _spent.Count));
            ApprovalUse spent = _spent[index];
            _spent.RemoveAt(index);
            string exact = _random.Below(3) == 0 ? _operations.ExactBinding(_random) : spent.ExactBinding;
            use = new ApprovalUse(TimeAt(Now), spent.Id, spent.Binding, exact);
            held = _model.Find(each => each.Id == use.Id);
        }

        await ReturnAsync(store, use, held).ConfigureAwait(false);
    }

    private async Task ReturnAsync(CaseApprovals store, ApprovalUse use, ModelApproval? held)
    {
        await store.Store.ReturnAsync(use, _stores.CancellationToken).ConfigureAwait(false);
        bool mayComeBack = held?.IsFor(use.Binding, use.ExactBinding) == true
            && held.Status is ApprovalStatus.Approved or ApprovalStatus.Spent
            && held.UsesLeft < held.Terms.Uses
            && held.MayLive(Now);
        if (mayComeBack && held!.MustLive(Now))
        {
            held.Count(held.UsesLeft + 1);
        }
        else if (mayComeBack)
        {
            StoredApproval? found = await store.FindAsync(use.Id, Now).ConfigureAwait(false);
            if (found?.Status == ApprovalStatus.Approved)
            {
                held!.Count(held.UsesLeft + 1);
            }
        }

        await FindAsync(store, use.Id).ConfigureAwait(false);
    }

    private async Task ResolveAsync(CaseApprovals store)
    {
        ApprovalStatus often = _random.Below(5) switch
        {
            0 => ApprovalStatus.Approved,
            1 => ApprovalStatus.Spent,
            _ => ApprovalStatus.Pending,
        };
        (ApprovalUse use, ModelApproval? held) = Pick(often);
        string id = use.Id;
        ApprovalResolve answer = _operations.Answer(_random, id, Now);
        ApprovalResolution resolution = await store.ResolveAsync(answer).ConfigureAwait(false);
        RequireHere(IsAllowed(resolution, answer, held), $"An answer to one that is {held?.Status} was answered with {resolution}.");
        if (resolution == ApprovalResolution.Done && answer.IsApproved)
        {
            held!.Approve(answer, Now);
        }
        else if (resolution == ApprovalResolution.Done)
        {
            held!.Refuse(answer, Now);
            await RefuseOthersAsync(store, held, answer).ConfigureAwait(false);
        }
        else if (resolution is ApprovalResolution.Expired or ApprovalResolution.Unknown
            || (resolution == ApprovalResolution.Spent && !answer.IsApproved))
        {
            held?.Ends(Now);
        }

        await FindAsync(store, id).ConfigureAwait(false);
    }

    /// <summary>A refusal refuses all else of its binding that lives; the latest are tried.</summary>
    private async Task RefuseOthersAsync(CaseApprovals store, ModelApproval refused, ApprovalResolve answer)
    {
        List<ModelApproval> others = _model.FindAll(each => each.Binding == refused.Binding && each != refused);
        foreach (ModelApproval other in others)
        {
            bool isRefused = other.MustLive(Now);
            if (!isRefused && other.MayLive(Now) && other.Status != ApprovalStatus.Refused)
            {
                isRefused = await store.FindAsync(other.Id, Now).ConfigureAwait(false) is { Status: ApprovalStatus.Refused };
            }

            if (isRefused)
            {
                other.RefuseWithAnother(answer, Now);
            }
            else
            {
                other.EndsForGood();
            }
        }

        foreach (ModelApproval other in others.TakeLast(Recent))
        {
            await ReturnAsync(store, new ApprovalUse(TimeAt(Now), other.Id, other.Binding, other.ExactBinding), other)
                .ConfigureAwait(false);
        }
    }

    private bool IsAllowed(ApprovalResolution resolution, ApprovalResolve answer, ModelApproval? held)
    {
        if (held is null || resolution == ApprovalResolution.Unknown)
        {
            return resolution == ApprovalResolution.Unknown && held?.MustBeKnown(Now) != true;
        }

        if (held.MustBeForgotten(Now))
        {
            return false;
        }

        if (held.Status == ApprovalStatus.Refused)
        {
            return resolution == ApprovalResolution.Refused;
        }

        if (held.Status == ApprovalStatus.Spent)
        {
            return resolution == ApprovalResolution.Spent
                ? answer.IsApproved || !held.MustLive(Now)
                : resolution == ApprovalResolution.Done && !answer.IsApproved && held.MayLive(Now);
        }

        ApprovalResolution live = ApprovalResolution.Done;
        if (answer.IsApproved && held.Status == ApprovalStatus.Approved)
        {
            live = ApprovalResolution.NotNeeded;
        }
        else if (answer.IsApproved && held.IsWidenedBy(answer))
        {
            live = ApprovalResolution.NotAllowed;
        }

        bool maySayNotAllowed = resolution == ApprovalResolution.NotAllowed && answer.IsApproved && held.IsWidenedBy(answer);
        return resolution == ApprovalResolution.Expired
            ? !held.MustLive(Now)
            : (resolution == live || maySayNotAllowed) && held.MayLive(Now);
    }

    private async Task FindAsync(CaseApprovals store, string id)
    {
        StoredApproval? found = await store.FindAsync(id, Now).ConfigureAwait(false);
        ModelApproval? held = _model.Find(each => each.Id == id);
        if (found is null || held is null)
        {
            RequireHere(found is null && held?.MustBeKnown(Now) != true, "An approval is unknown, or known that wasn't requested.");
            held?.Ends(Now);
            return;
        }

        RequireHere(!held.MustBeForgotten(Now), "An approval is remembered for too long.");
        if (found.Status == ApprovalStatus.Expired && held.Status is ApprovalStatus.Pending or ApprovalStatus.Approved)
        {
            RequireHere(!held.MustLive(Now), $"One that is {held.Status} has expired before its time.");
            held.Ends(Now);
            return;
        }

        RequireHere(
            found.Status == held.Status && (held.Status is ApprovalStatus.Spent or ApprovalStatus.Refused || held.MayLive(Now)),
            $"One that is {held.Status} was found {found.Status}.");
        RequireAsHeld(held, found);
        if (found.Status is ApprovalStatus.Pending or ApprovalStatus.Approved)
        {
            held.Lives();
        }
    }

    private async Task ListAsync(CaseApprovals store)
    {
        string? grantId = _random.Below(3) switch { 0 => "g", 1 => "h", _ => null };
        int count = 1 + _random.Below(5);
        List<StoredApproval> all = [];
        IReadOnlyList<StoredApproval> page;
        do
        {
            page = await store.ListAsync(count, all.LastOrDefault(), grantId, Now).ConfigureAwait(false);
            all.AddRange(page);
            RequireHere(all.Count <= _model.Count, "The pages have no end.");
        }
        while (page.Count == count);

        RequireHere(all.DistinctBy(each => each.Id).Count() == all.Count, "One is listed twice.");
        RequireHere(all.Zip(all.Skip(1)).All(pair => pair.First.Requested <= pair.Second.Requested), "The oldest isn't listed first.");
        var listed = all.ToDictionary(each => each.Id);
        foreach (ModelApproval held in _model.Where(each => each.Status == ApprovalStatus.Pending))
        {
            bool isAsked = grantId is null || held.GrantId == grantId;
            bool isListed = listed.Remove(held.Id);
            RequireHere(isListed ? isAsked && held.MayLive(Now) : !isAsked || !held.MustLive(Now), "The wrong ones are listed as pending.");
            if (isListed)
            {
                held.Lives();
            }
            else if (isAsked && held.MayLive(Now))
            {
                held.Ends(Now);
            }
        }

        RequireHere(listed.Count == 0, "One is listed as pending that isn't.");
    }

    /// <summary>What the store says of one that lives, or of how it ended.</summary>
    private void RequireAsHeld(ModelApproval held, StoredApproval found)
    {
        RequireHere(
            found.Binding == held.Binding && found.GrantId == held.GrantId && found.Status == held.Status && found.Terms == held.Terms,
            "An approval was found with another binding, grant, status or terms.");
        RequireHere(
            found.ExactBinding == held.ExactBinding && (found.IsExact == held.IsExact || held.Status == ApprovalStatus.Refused),
            "An approval was found with another call, or isn't said to be narrowed to it.");
        RequireHere(
            found.UsesLeft == held.UsesLeft,
            string.Create(CultureInfo.InvariantCulture, $"{found.UsesLeft} uses are left, not {held.UsesLeft}."));
        RequireHere(
            found.AnsweredBy == held.Answer?.By && found.Reason == held.Answer?.Reason
                && (!_movesClock || found.Answered == held.Answer?.Time),
            "An approval was found with another answer.");
        RequireHere(
            !_movesClock || found.Requested == TimeAt(held.Requested), "An approval was found with another time of its request.");
        bool hasUntil = held.Status != ApprovalStatus.Spent;
        RequireHere(!_movesClock || !hasUntil || found.Until == TimeAt(held.End), "An approval was found with another end.");
    }

    private void EndAll(IEnumerable<ModelApproval> which)
    {
        foreach (ModelApproval each in which.Where(each => each.Status != ApprovalStatus.Spent))
        {
            each.Ends(Now);
        }
    }

    private (int Least, int Most) CountPending(string grantId)
    {
        ModelApproval[] pending = [.. _model.Where(each => each.GrantId == grantId && each.Status == ApprovalStatus.Pending)];
        return (pending.Count(each => each.MustLive(Now)), pending.Count(each => each.MayLive(Now)));
    }

    /// <summary>
    /// A use of an approval, often one that stands so or is of the last binding, mostly a recent one; now and then by another call, of
    /// another binding, or of none.
    /// </summary>
    private (ApprovalUse Use, ModelApproval? Held) Pick(ApprovalStatus often)
    {
        if (_model.Count == 0 || _random.Below(50) == 0)
        {
            return (new ApprovalUse(TimeAt(Now), IdOf(1_000_000_000), BindingOf("g0"), BindingOf("g0")), null);
        }

        List<ModelApproval> among = _random.Below(2) == 0 ? _model.FindAll(each => each.Status == often) : _model;
        among = _random.Below(2) == 0 ? among.FindAll(each => each.Binding == _operations.Binding) : among;
        among = among.Count == 0 ? _model : among;
        int behind = _random.Below(_random.Below(3) == 0 ? among.Count : Math.Min(Recent, among.Count));
        ModelApproval held = among[among.Count - 1 - behind];
        string binding = _random.Below(10) == 0 ? BindingOf("h0") : held.Binding;
        string exact = _random.Below(4) == 0 ? _operations.ExactBinding(_random) : held.ExactBinding;
        return (new ApprovalUse(TimeAt(Now), held.Id, binding, exact), held);
    }

    private string Here(string otherwise) =>
        string.Create(CultureInfo.InvariantCulture, $"{otherwise} Seed {_seed}, step {_step}.");

    private void RequireHere(bool holds, string otherwise) => Require(holds, holds ? "" : Here(otherwise));
}
