using PolicyLayer.Approvals;

namespace PolicyLayer.Sqlite;

/// <summary>
/// Where an approval stands, as the file has it: a call is answered with the lowest of its binding, and with none from 3 on.
/// </summary>
internal enum ApprovalStanding
{
    Refused = 0,
    Approved = 1,
    Pending = 2,
    Spent = 3,
    Expired = 4,
}

/// <summary>The statuses of standings.</summary>
internal static class ApprovalStandings
{
    public static ApprovalStatus ToStatus(this ApprovalStanding standing) => standing switch
    {
        ApprovalStanding.Refused => ApprovalStatus.Refused,
        ApprovalStanding.Approved => ApprovalStatus.Approved,
        ApprovalStanding.Pending => ApprovalStatus.Pending,
        ApprovalStanding.Spent => ApprovalStatus.Spent,
        _ => ApprovalStatus.Expired,
    };
}
