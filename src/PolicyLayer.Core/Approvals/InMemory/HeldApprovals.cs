using System.Runtime.InteropServices;

namespace PolicyLayer.Approvals.InMemory;

/// <summary>
/// All approvals that the store in memory holds, by id, by binding, by when they were requested and by when they end. One thread at a time.
/// INVARIANT: one that is changed is taken out of the indexes before, and put back after. INVARIANT: a refusal that hasn't ended is the
/// only one of its binding that hasn't.
/// </summary>
internal sealed class HeldApprovals
{
    /// <summary>By so much clocks may differ.</summary>
    private const long Tolerance = TimeSpan.TicksPerMinute;

    private readonly Dictionary<string, HeldApproval> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldBinding> _bindings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldShare> _shares = new(StringComparer.Ordinal);
    private readonly SortedSet<PendingKey> _pending = new(Comparer<PendingKey>.Create(PendingKey.Compare));
    private readonly SortedSet<HeldApproval> _byNext = new(HeldApproval.ByNext);
    private readonly SortedSet<HeldApproval> _byEarliest = new(HeldApproval.ByEarliest);

    /// <summary>All that there is.</summary>
    public HeldShare All { get; } = new();

    public HeldApproval? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>What a grant has of it; null for nothing.</summary>
    public HeldShare? ShareOf(string grantId) => _shares.GetValueOrDefault(grantId);

    /// <summary>What there is for a call: first what is refused, then what is approved, then what is pending.</summary>
    public HeldApproval? AnswerFor(string binding, string exactBinding) =>
        _bindings.GetValueOrDefault(binding)?.AnswerFor(exactBinding);

    /// <exception cref="ArgumentException">There is one with its id.</exception>
    public void Add(HeldApproval held)
    {
        _byId.Add(held.Id, held);
        HeldShare share = CollectionsMarshal.GetValueRefOrAddDefault(_shares, held.GrantId, out _) ??= new HeldShare();
        share.Count++;
        All.Count++;
        PutBack(held);
    }

    /// <summary>Drops one that has ended.</summary>
    public void Forget(HeldApproval held)
    {
        TakeOut(held);
        _byId.Remove(held.Id);
        All.Count--;
        if (--_shares[held.GrantId].Count == 0)
        {
            _shares.Remove(held.GrantId);
        }
    }

    public void TakeOut(HeldApproval held)
    {
        _byNext.Remove(held);
        _byEarliest.Remove(held);
        All.TakeOut(held);
        _shares[held.GrantId].TakeOut(held);
        if (!held.HasEnded)
        {
            HeldBinding binding = _bindings[held.Binding];
            binding.Remove(held);
            if (binding.IsEmpty)
            {
                _bindings.Remove(held.Binding);
            }
        }

        if (held.Status == ApprovalStatus.Pending)
        {
            _pending.Remove(new PendingKey(held.Requested, held.Id));
        }
    }

    public void PutBack(HeldApproval held)
    {
        _byNext.Add(held);
        _byEarliest.Add(held);
        All.PutBack(held);
        _shares[held.GrantId].PutBack(held);
        if (!held.HasEnded)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_bindings, held.Binding, out _) ??= new HeldBinding()).Add(held);
        }

        if (held.Status == ApprovalStatus.Pending)
        {
            _pending.Add(new PendingKey(held.Requested, held.Id));
        }
    }

    /// <summary>Ends what ends by a time, which may be earlier than the one before, and forgets what ended long before it.</summary>
    public void Advance(long now)
    {
        while (_byNext.Min is { } due && due.Next <= now)
        {
            if (due.HasEnded)
            {
                Forget(due);
                continue;
            }

            TakeOut(due);
            due.End(due.Next);
            PutBack(due);
        }

        while (_byEarliest.Max is { } ahead && ahead.Earliest > now + Tolerance)
        {
            TakeOut(ahead);
            ahead.End(now);
            PutBack(ahead);
        }
    }

    /// <summary>Refuses and ends all of a binding, those too that are spent and could come back, or were narrowed to other calls.</summary>
    public void RefuseAllOf(string binding, ApprovalResolve answer, long now)
    {
        while (_bindings.GetValueOrDefault(binding)?.Any is { } held)
        {
            TakeOut(held);
            held.EndRefused(answer, now);
            PutBack(held);
        }
    }

    /// <summary>What is pending, the oldest first, from behind one that was listed.</summary>
    public IReadOnlyList<HeldApproval> ListPending(StoredApproval? after, string? grantId, int count)
    {
        var start = after is null ? new PendingKey(long.MinValue, "") : new PendingKey(after.Requested.UtcTicks, after.Id);
        var end = new PendingKey(long.MaxValue, "");
        return [.. _pending.GetViewBetween(start, end)
            .Where(key => key != start)
            .Select(key => _byId[key.Id])
            .Where(held => grantId is null || string.Equals(held.GrantId, grantId, StringComparison.Ordinal))
            .Take(count)];
    }

    /// <summary>Where one stands among the pending: nothing but its own values, so that a page can follow one that has ended.</summary>
    private readonly record struct PendingKey(long Requested, string Id)
    {
        public static int Compare(PendingKey a, PendingKey b) =>
            a.Requested != b.Requested ? a.Requested.CompareTo(b.Requested) : string.CompareOrdinal(a.Id, b.Id);
    }
}
