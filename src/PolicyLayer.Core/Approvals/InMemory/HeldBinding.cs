namespace PolicyLayer.Approvals.InMemory;

/// <summary>
/// What there is for one binding and hasn't ended: what answers for all of its calls, and apart from that what was narrowed to one of them.
/// </summary>
internal sealed class HeldBinding
{
    private readonly SortedSet<HeldApproval> _whole = new(HeldApproval.ByRank);

    /// <summary>By the exact binding of the call; sorted, so that the first is at hand whatever was removed. Null for none.</summary>
    private SortedDictionary<string, SortedSet<HeldApproval>>? _narrowed;

    public bool IsEmpty => _whole.Count == 0 && _narrowed is null;

    /// <summary>Any of it; null for nothing.</summary>
    public HeldApproval? Any => _whole.Min ?? _narrowed?.Values.First().Min;

    /// <summary>What answers a call, by its exact binding: the first by rank; null for nothing.</summary>
    public HeldApproval? AnswerFor(string exactBinding)
    {
        HeldApproval? first = _whole.Min;
        if (_narrowed is not null && _narrowed.TryGetValue(exactBinding, out SortedSet<HeldApproval>? ofCall))
        {
            HeldApproval own = ofCall.Min!;
            first = first is null || own.Rank < first.Rank ? own : first;
        }

        return first?.Status == ApprovalStatus.Spent ? null : first;
    }

    public void Add(HeldApproval held)
    {
        if (!held.IsNarrowed)
        {
            _whole.Add(held);
            return;
        }

        _narrowed ??= new(StringComparer.Ordinal);
        if (!_narrowed.TryGetValue(held.ExactBinding, out SortedSet<HeldApproval>? ofCall))
        {
            _narrowed.Add(held.ExactBinding, ofCall = new(HeldApproval.ByRank));
        }

        ofCall.Add(held);
    }

    public void Remove(HeldApproval held)
    {
        if (!held.IsNarrowed)
        {
            _whole.Remove(held);
            return;
        }

        SortedSet<HeldApproval> ofCall = _narrowed![held.ExactBinding];
        ofCall.Remove(held);
        if (ofCall.Count == 0)
        {
            _narrowed.Remove(held.ExactBinding);
        }

        _narrowed = _narrowed.Count == 0 ? null : _narrowed;
    }
}
