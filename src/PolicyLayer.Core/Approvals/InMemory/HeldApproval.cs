namespace PolicyLayer.Approvals.InMemory;

/// <summary>
/// An approval as the store in memory holds it, its times in ticks of UTC. Changed under the store's lock, while it is out of the indexes.
/// </summary>
internal sealed class HeldApproval
{
    /// <summary>For so long after its end it is remembered.</summary>
    private const long RememberedFor = TimeSpan.TicksPerHour;

    /// <summary>By when they end or, once they have, are forgotten, which is as they ended.</summary>
    public static readonly Comparer<HeldApproval> ByNext = Comparer<HeldApproval>.Create((a, b) => Order(a.Next, a, b.Next, b));

    /// <summary>By when a clock that steps back ends them.</summary>
    public static readonly Comparer<HeldApproval> ByEarliest =
        Comparer<HeldApproval>.Create((a, b) => Order(a.Earliest, a, b.Earliest, b));

    /// <summary>By what a call is answered with, first what was requested first.</summary>
    public static readonly Comparer<HeldApproval> ByRank = Comparer<HeldApproval>.Create((a, b) => Order(a.Rank, a, b.Rank, b));

    private readonly long _pendingFor;
    private ApprovalTerms _terms;
    private long _until;
    private string? _answeredBy;
    private long? _answered;
    private string? _reason;
    private bool _isExact;

    /// <param name="request">What is asked for; it isn't kept, as its content must go when the approval ends.</param>
    /// <param name="now">When.</param>
    /// <param name="number">How many were made before.</param>
    public HeldApproval(ApprovalRequest request, long now, long number)
    {
        Id = request.NewId;
        Binding = request.Binding;
        ExactBinding = request.ExactBinding;
        GrantId = request.GrantId;
        Number = number;
        Requested = now;
        Status = ApprovalStatus.Pending;
        Content = request.Content;
        UsesLeft = request.Terms.Uses;
        _pendingFor = request.PendingFor.Ticks;
        _terms = request.Terms;
        Begin(now, _pendingFor);
    }

    public string Id { get; }

    public string Binding { get; }

    public string ExactBinding { get; }

    public string GrantId { get; }

    /// <summary>No two have the same.</summary>
    public long Number { get; }

    public long Requested { get; }

    public ApprovalStatus Status { get; private set; }

    public int UsesLeft { get; private set; }

    /// <summary>Empty from the moment at which no person needs it any more.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Whether it can't come back: it is only remembered. A spent one can, while its time runs.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>A clock that shows an earlier time, by more than clocks differ, ends it.</summary>
    public long Earliest { get; private set; }

    /// <summary>When it ends, or is forgotten once it has ended.</summary>
    public long Next { get; private set; }

    /// <summary>A call is answered by the one with the lowest; one that is spent answers none.</summary>
    public int Rank => Status switch
    {
        ApprovalStatus.Refused => 0,
        ApprovalStatus.Approved => 1,
        ApprovalStatus.Pending => 2,
        _ => 3,
    };

    /// <summary>Whether it is there for its very call alone. A refusal is there for all of its binding.</summary>
    public bool IsNarrowed => _isExact && Status != ApprovalStatus.Refused;

    /// <summary>Whether it is there for the call of a use.</summary>
    public bool IsFor(ApprovalUse use) =>
        string.Equals(Binding, use.Binding, StringComparison.Ordinal)
        && (!IsNarrowed || string.Equals(ExactBinding, use.ExactBinding, StringComparison.Ordinal));

    /// <summary>The terms as an answer narrows them; false where it would widen them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It narrows them to nothing.</exception>
    public bool TryNarrow(ApprovalResolve answer, out ApprovalTerms terms)
    {
        int uses = answer.Uses ?? _terms.Uses;
        TimeSpan validFor = answer.ValidFor ?? _terms.ValidFor;
        bool isWithin = uses <= _terms.Uses && validFor <= _terms.ValidFor;
        terms = isWithin ? new ApprovalTerms(uses, validFor) : default;
        return isWithin;
    }

    public void Approve(ApprovalResolve answer, ApprovalTerms terms, long now)
    {
        Answer(answer, ApprovalStatus.Approved, now);
        _terms = terms;
        _isExact = answer.IsExact;
        UsesLeft = terms.Uses;
        Begin(now, terms.ValidFor.Ticks);
    }

    public void Refuse(ApprovalResolve answer, long now)
    {
        Answer(answer, ApprovalStatus.Refused, now);
        UsesLeft = 0;
        Content = default;
        Begin(now, _pendingFor);

        // It holds before it, too.
        Earliest = long.MinValue;
    }

    /// <summary>Refuses it with another of its binding: that one is the refusal in force, and this one ends.</summary>
    public void EndRefused(ApprovalResolve answer, long now)
    {
        Answer(answer, ApprovalStatus.Refused, now);
        _until = now;
        End(now);
    }

    /// <summary>Takes a use; false where none is to be had.</summary>
    public bool TrySpend()
    {
        if (HasEnded || Status != ApprovalStatus.Approved)
        {
            return false;
        }

        if (--UsesLeft == 0)
        {
            Status = ApprovalStatus.Spent;
            Content = default;
        }

        return true;
    }

    /// <summary>Gives a use back, while its time runs and where one was taken.</summary>
    public void Return()
    {
        if (!HasEnded && Status is ApprovalStatus.Approved or ApprovalStatus.Spent && UsesLeft < _terms.Uses)
        {
            UsesLeft++;
            Status = ApprovalStatus.Approved;
        }
    }

    /// <summary>Ends it, or has the hour in which it is remembered begin anew where the clock stepped back behind that.</summary>
    public void End(long at)
    {
        if (Status is ApprovalStatus.Pending or ApprovalStatus.Approved)
        {
            Status = ApprovalStatus.Expired;
        }

        HasEnded = true;
        UsesLeft = 0;
        Content = default;
        Earliest = at;
        Next = After(at, RememberedFor);
    }

    public StoredApproval ToStored() => new()
    {
        Id = Id,
        Binding = Binding,
        ExactBinding = ExactBinding,
        IsExact = _isExact,
        GrantId = GrantId,
        Status = Status,
        Requested = TimeOf(Requested),
        Until = TimeOf(_until),
        Terms = _terms,
        UsesLeft = UsesLeft,
        AnsweredBy = _answeredBy,
        Answered = _answered is { } answered ? TimeOf(answered) : null,
        Reason = _reason,
        Content = Content,
    };

    private static int Order(long keyOfA, HeldApproval a, long keyOfB, HeldApproval b) =>
        keyOfA != keyOfB ? keyOfA.CompareTo(keyOfB) : a.Number.CompareTo(b.Number);

    private static long After(long time, long ticks) => time > DateTime.MaxValue.Ticks - ticks ? DateTime.MaxValue.Ticks : time + ticks;

    private static DateTimeOffset TimeOf(long ticks) => new(ticks, TimeSpan.Zero);

    private void Answer(ApprovalResolve answer, ApprovalStatus status, long now)
    {
        Status = status;
        _answeredBy = answer.By;
        _answered = now;
        _reason = answer.Reason;
    }

    private void Begin(long now, long ticks)
    {
        Earliest = now;
        Next = _until = After(now, ticks);
    }
}
