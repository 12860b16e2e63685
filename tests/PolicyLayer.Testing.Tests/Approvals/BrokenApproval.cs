using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Approvals;

/// <summary>An approval of the broken store, which changes all of it.</summary>
internal sealed class BrokenApproval(ApprovalRequest request, DateTimeOffset now)
{
    public string Id => request.NewId;

    public string Binding => request.Binding;

    public string ExactBinding => request.ExactBinding;

    public bool IsExact { get; set; }

    /// <summary>Whether it says of itself that it is narrowed.</summary>
    public bool SaysExact { get; set; } = true;

    public string GrantId => request.GrantId;

    public TimeSpan PendingFor => request.PendingFor;

    public DateTimeOffset Requested { get; } = now;

    public ApprovalStatus Status { get; set; } = ApprovalStatus.Pending;

    public ApprovalTerms Terms { get; set; } = request.Terms;

    public int UsesLeft { get; set; } = request.Terms.Uses;

    /// <summary>From when on what the status says holds, and until when.</summary>
    public DateTimeOffset Begin { get; set; } = now;

    public DateTimeOffset End { get; set; } = now + request.PendingFor;

    /// <summary>When it ended; null while it hasn't.</summary>
    public DateTimeOffset? Ended { get; set; }

    public ApprovalResolve? Answer { get; set; }

    public bool KeepsContent { get; set; } = true;

    public bool IsPending => Ended is null && Status == ApprovalStatus.Pending;

    public int Rank => Status switch
    {
        ApprovalStatus.Refused => 0,
        ApprovalStatus.Approved => 1,
        _ => 2,
    };

    public StoredApproval ToStored() => new()
    {
        Id = Id,
        Binding = Binding,
        ExactBinding = ExactBinding,
        IsExact = IsExact && SaysExact,
        GrantId = GrantId,
        Status = Status,
        Requested = Requested,
        Until = End,
        Terms = Terms,
        UsesLeft = Status is ApprovalStatus.Pending or ApprovalStatus.Approved ? UsesLeft : 0,
        AnsweredBy = Answer?.By,
        Answered = Answer?.Time,
        Reason = Answer?.Reason,
        Content = KeepsContent ? request.Content : default,
    };
}
