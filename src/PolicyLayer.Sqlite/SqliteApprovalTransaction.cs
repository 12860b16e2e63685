using PolicyLayer.Approvals;

namespace PolicyLayer.Sqlite;

/// <summary>What operations do inside their transaction: each first ends what its time is past.</summary>
internal sealed class SqliteApprovalTransaction(SqliteApprovalFile file, SqliteApprovalStoreOptions options)
{
    public (ApprovalAnswerKind Kind, SqliteApproval? Approval) Ask(ApprovalRequest request, ReadOnlyMemory<byte> kept)
    {
        file.Advance(request.Time.UtcTicks);
        if (file.AnswerFor(request.Binding, request.ExactBinding) is { } answer)
        {
            return (ApprovalAnswerKind.Found, answer);
        }

        if (!request.MayRequest)
        {
            return (ApprovalAnswerKind.Nothing, null);
        }

        if (file.Find(request.NewId) is not null)
        {
            throw new ArgumentException("There was a request with its id.", nameof(request));
        }

        if (!TryMakeRoom(request, kept.Length))
        {
            return (ApprovalAnswerKind.TooMany, null);
        }

        SqliteApproval approval = SqliteApproval.Of(request, kept);
        file.Add(approval);
        return (ApprovalAnswerKind.Requested, approval);
    }

    public bool Spend(ApprovalUse use)
    {
        file.Advance(use.Time.UtcTicks);
        if (file.Find(use.Id) is not { } approval || !approval.IsFor(use) || !approval.TrySpend())
        {
            return false;
        }

        file.Save(approval);
        return true;
    }

    public bool Return(ApprovalUse use)
    {
        file.Advance(use.Time.UtcTicks);
        if (file.Find(use.Id) is not { } approval || !approval.IsFor(use) || !approval.TryReturn())
        {
            return false;
        }

        file.Save(approval);
        return true;
    }

    public ApprovalResolution Resolve(ApprovalResolve answer)
    {
        long now = answer.Time.UtcTicks;
        file.Advance(now);
        if (file.Find(answer.Id) is not { } approval)
        {
            return ApprovalResolution.Unknown;
        }

        ApprovalResolution resolution = ResolutionOf(answer, approval);
        if (resolution != ApprovalResolution.Done)
        {
            return resolution;
        }

        if (!answer.IsApproved)
        {
            file.RefuseAllOf(approval.Binding, answer);
            approval.Refuse(answer);
        }
        else
        {
            var terms = new ApprovalTerms(answer.Uses ?? approval.Terms.Uses, answer.ValidFor ?? approval.Terms.ValidFor);
            approval.Approve(answer, terms);
        }

        file.Save(approval);
        return ApprovalResolution.Done;
    }

    public SqliteApproval? Find(ApprovalQuery query)
    {
        file.Advance(query.Time.UtcTicks);
        return file.FindWhole(query.Id);
    }

    public IReadOnlyList<SqliteApproval> ListPending(ApprovalListQuery query)
    {
        file.Advance(query.Time.UtcTicks);
        long requested = query.After?.Requested.UtcTicks ?? long.MinValue;
        return file.ListPending(requested, query.After?.Id ?? "", query.GrantId, query.Count);
    }

    /// <summary>
    /// What becomes of an answer: a pending one takes any that doesn't widen it, one that is approved can be refused while its time runs.
    /// </summary>
    private static ApprovalResolution ResolutionOf(ApprovalResolve answer, SqliteApproval approval)
    {
        ApprovalResolution approved = answer.IsApproved ? ApprovalResolution.NotNeeded : ApprovalResolution.Done;
        ApprovalResolution spent = answer.IsApproved || approval.HasEnded ? ApprovalResolution.Spent : ApprovalResolution.Done;
        bool widens = answer.IsApproved && (answer.Uses > approval.Terms.Uses || answer.ValidFor > approval.Terms.ValidFor);
        return approval.Standing switch
        {
            ApprovalStanding.Pending => widens ? ApprovalResolution.NotAllowed : ApprovalResolution.Done,
            ApprovalStanding.Approved => approved,
            ApprovalStanding.Spent => spent,
            ApprovalStanding.Refused => ApprovalResolution.Refused,
            _ => ApprovalResolution.Expired,
        };
    }

    /// <summary>Makes room where there is none by dropping what is only remembered, the oldest first.</summary>
    private bool TryMakeRoom(ApprovalRequest request, int bytes)
    {
        SqliteShare share = file.ShareOf(request.GrantId);
        return share.Pending < request.MaxPending
            && share.ContentBytes <= options.MaxContentBytesPerGrant - bytes
            && file.ShareOf(grantId: null).ContentBytes <= options.MaxContentBytes - bytes
            && TryMakeRoom(request.GrantId, options.MaxApprovalsPerGrant)
            && TryMakeRoom(grantId: null, options.MaxApprovals);
    }

    /// <summary>It drops one as one comes, and more where the bound was higher when they came.</summary>
    private bool TryMakeRoom(string? grantId, int most)
    {
        while (file.ShareOf(grantId).Held >= most)
        {
            if (!file.DropOldestRemembered(grantId))
            {
                return false;
            }
        }

        return true;
    }
}
