using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;

namespace PolicyLayer.Testing.Approvals;

/// <summary>
/// What a store must, and may, say of one approval. They differ where the clock stepped: a store may end what it saw out of its time, or
/// leave it be; but what it said has ended has.
/// </summary>
internal sealed class ModelApproval(ApprovalRequest request, long now)
{
    private long _begin = now;
    private long _lowestSeen = now;
    private long _highestSeen = now;
    private bool _mayHaveEnded;
    private bool _hasEnded;

    public string Id => request.NewId;

    public string Binding => request.Binding;

    public string ExactBinding => request.ExactBinding;

    /// <summary>Whether whoever approved it narrowed it to its call.</summary>
    public bool IsExact { get; private set; }

    public string GrantId => request.GrantId;

    public long Requested { get; } = now;

    public long End { get; private set; } = now + (long)request.PendingFor.TotalMilliseconds;

    public ApprovalTerms Terms { get; private set; } = request.Terms;

    public int UsesLeft { get; private set; } = request.Terms.Uses;

    /// <summary>Where it stands, leaving aside that its time runs out.</summary>
    public ApprovalStatus Status { get; private set; } = ApprovalStatus.Pending;

    /// <summary>The last answer that was taken; null for none.</summary>
    public ApprovalResolve? Answer { get; private set; }

    /// <summary>A call's answer goes by this order; what is spent answers nothing.</summary>
    public int Rank => Status switch
    {
        ApprovalStatus.Refused => 0,
        ApprovalStatus.Approved => 1,
        ApprovalStatus.Pending => 2,
        _ => int.MaxValue,
    };

    /// <summary>Whether it is there for a call: what was narrowed for its own alone, a refusal for all of its binding.</summary>
    public bool IsFor(string binding, string exactBinding) =>
        Binding == binding && (!IsExact || Status == ApprovalStatus.Refused || ExactBinding == exactBinding);

    public bool MayAnswer(long at) => Status != ApprovalStatus.Spent && MayLive(at);

    public bool MustAnswer(long at) => Status != ApprovalStatus.Spent && MustLive(at);

    public bool MayLive(long at) => !_hasEnded && IsInTime(at);

    public bool MustLive(long at) => !_mayHaveEnded && MayLive(at);

    /// <summary>A store that ended it on the way remembers it for an hour from the earliest time that it saw.</summary>
    public bool MustBeKnown(long at)
    {
        long latest = Math.Max(at, _highestSeen);
        return latest < _lowestSeen + Hour || (Status == ApprovalStatus.Refused && latest < End);
    }

    public bool MustBeForgotten(long at) => at > End + Hour;

    /// <summary>A store may look at all that it holds at the time of any operation.</summary>
    public void See(long at)
    {
        _mayHaveEnded |= !IsInTime(at);
        _lowestSeen = Math.Min(_lowestSeen, at);
        _highestSeen = Math.Max(_highestSeen, at);
    }

    /// <summary>The store said that it lives.</summary>
    public void Lives() => _mayHaveEnded = false;

    /// <summary>The store said that it doesn't live: unless the time is before its own, it never does again.</summary>
    public void Ends(long at) => _hasEnded |= IsInTime(at) || at >= End;

    /// <summary>A refusal of its binding was taken when it had ended: it doesn't live again.</summary>
    public void EndsForGood() => _hasEnded = true;

    /// <summary>It was refused with another one, and ended.</summary>
    public void RefuseWithAnother(ApprovalResolve answer, long at)
    {
        Refuse(answer, at);
        End = at;
        _hasEnded = true;
    }

    public void Spend() => Count(UsesLeft - 1);

    public void Count(int usesLeft)
    {
        UsesLeft = usesLeft;
        Status = usesLeft == 0 ? ApprovalStatus.Spent : ApprovalStatus.Approved;
    }

    public void Approve(ApprovalResolve answer, long at)
    {
        Answer = answer;
        Terms = new ApprovalTerms(answer.Uses ?? Terms.Uses, answer.ValidFor ?? Terms.ValidFor);
        IsExact = answer.IsExact;
        Count(Terms.Uses);
        Begin(at, at, Terms.ValidFor);
    }

    public void Refuse(ApprovalResolve answer, long at)
    {
        Answer = answer;
        Status = ApprovalStatus.Refused;
        UsesLeft = 0;
        Begin(long.MinValue, at, request.PendingFor);
    }

    public bool IsWidenedBy(ApprovalResolve answer) => answer.Uses > Terms.Uses || answer.ValidFor > Terms.ValidFor;

    private bool IsInTime(long at) => at < End && (_begin == long.MinValue || at >= _begin - Minute);

    private void Begin(long begin, long at, TimeSpan length)
    {
        _begin = begin;
        End = at + (long)length.TotalMilliseconds;
        _mayHaveEnded = false;
    }
}
