using PolicyLayer.Approvals;

namespace PolicyLayer.Sqlite;

/// <summary>
/// One approval as the file has it, its times in ticks of UTC: read, changed and written in one transaction. It ends by
/// <see cref="SqliteApprovalFile.Advance"/> and <see cref="SqliteApprovalFile.RefuseAllOf"/> alone.
/// </summary>
internal sealed class SqliteApproval
{
    /// <summary>No two have the same; the file gives it.</summary>
    public long Number { get; init; }

    public required string Id { get; init; }

    public required string Binding { get; init; }

    public required string ExactBinding { get; init; }

    public required string GrantId { get; init; }

    public required long Requested { get; init; }

    public required long PendingFor { get; init; }

    public required ApprovalStanding Standing { get; set; }

    /// <summary>Whether it can't come back: it is only remembered. A spent one can, while its time runs.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Whether who approved it narrowed it to its very call.</summary>
    public bool IsExact { get; set; }

    public required ApprovalTerms Terms { get; set; }

    public required int UsesLeft { get; set; }

    public long Until { get; set; }

    /// <summary>A clock that shows an earlier time, by more than clocks differ, ends it.</summary>
    public long Earliest { get; set; }

    /// <summary>When it ends, or is forgotten once it has ended.</summary>
    public long Next { get; set; }

    public string? AnsweredBy { get; set; }

    public long? Answered { get; set; }

    public string? Reason { get; set; }

    /// <summary>How much of its content is kept: none from the moment at which no person needs it any more.</summary>
    public int ContentBytes { get; set; }

    /// <summary>The content as it is kept, where it was asked for.</summary>
    public ReadOnlyMemory<byte> Kept { get; init; }

    public ProtectedApproval Subject => new(Id, Binding, ExactBinding);

    public static SqliteApproval Of(ApprovalRequest request, ReadOnlyMemory<byte> kept)
    {
        long now = request.Time.UtcTicks;
        var approval = new SqliteApproval
        {
            Id = request.NewId,
            Binding = request.Binding,
            ExactBinding = request.ExactBinding,
            GrantId = request.GrantId,
            Requested = now,
            PendingFor = request.PendingFor.Ticks,
            Standing = ApprovalStanding.Pending,
            Terms = request.Terms,
            UsesLeft = request.Terms.Uses,
            ContentBytes = kept.Length,
            Kept = kept,
        };
        approval.Begin(now, approval.PendingFor);
        return approval;
    }

    /// <summary>Whether a call of a binding may use it.</summary>
    public bool IsFor(ApprovalUse use)
    {
        // A refusal is there for all of its binding.
        bool isNarrowed = IsExact && Standing != ApprovalStanding.Refused;
        return string.Equals(Binding, use.Binding, StringComparison.Ordinal)
            && (!isNarrowed || string.Equals(ExactBinding, use.ExactBinding, StringComparison.Ordinal));
    }

    public void Approve(ApprovalResolve answer, ApprovalTerms terms)
    {
        Answer(answer, ApprovalStanding.Approved);
        IsExact = answer.IsExact;
        Terms = terms;
        UsesLeft = terms.Uses;
        Begin(answer.Time.UtcTicks, terms.ValidFor.Ticks);
    }

    public void Refuse(ApprovalResolve answer)
    {
        Answer(answer, ApprovalStanding.Refused);
        UsesLeft = 0;
        ContentBytes = 0;
        Begin(answer.Time.UtcTicks, PendingFor);

        // It holds before it, too.
        Earliest = long.MinValue;
    }

    /// <summary>Takes a use; false where none is to be had.</summary>
    public bool TrySpend()
    {
        if (HasEnded || Standing != ApprovalStanding.Approved)
        {
            return false;
        }

        UsesLeft--;
        if (UsesLeft == 0)
        {
            Standing = ApprovalStanding.Spent;
            ContentBytes = 0;
        }

        return true;
    }

    /// <summary>Takes a use back; false where none was taken, or its time is over.</summary>
    public bool TryReturn()
    {
        if (HasEnded || Standing is not (ApprovalStanding.Approved or ApprovalStanding.Spent) || UsesLeft == Terms.Uses)
        {
            return false;
        }

        UsesLeft++;
        Standing = ApprovalStanding.Approved;
        return true;
    }

    public StoredApproval ToStored(ReadOnlyMemory<byte> content) => new()
    {
        Id = Id,
        Binding = Binding,
        ExactBinding = ExactBinding,
        IsExact = IsExact,
        GrantId = GrantId,
        Status = Standing.ToStatus(),
        Requested = TimeOf(Requested),
        Until = TimeOf(Until),
        Terms = Terms,
        UsesLeft = UsesLeft,
        AnsweredBy = AnsweredBy,
        Answered = Answered is { } answered ? TimeOf(answered) : null,
        Reason = Reason,
        Content = content,
    };

    private static DateTimeOffset TimeOf(long ticks) => new(ticks, TimeSpan.Zero);

    private void Answer(ApprovalResolve answer, ApprovalStanding standing)
    {
        Standing = standing;
        AnsweredBy = answer.By;
        Answered = answer.Time.UtcTicks;
        Reason = answer.Reason;
    }

    private void Begin(long now, long ticks)
    {
        Earliest = now;
        Next = Until = now > DateTime.MaxValue.Ticks - ticks ? DateTime.MaxValue.Ticks : now + ticks;
    }
}
