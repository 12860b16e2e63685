using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Approvals;

/// <summary>What instances of one storage share: a list, in the order of the requests, that ends what its time is past.</summary>
internal sealed class BrokenApprovals(ApprovalDefect defect)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    private readonly TaskCompletionSource _meeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _callers;

    public List<BrokenApproval> All { get; } = [];


    /// <summary>
    /// Waits until three callers have come, so that they all act on what they saw; later ones needn't wait. None is refused before.
    /// </summary>
    public Task MeetAsync()
    {
        if (Interlocked.Increment(ref _callers) == 3)
        {
            _meeting.SetResult();
        }

        return _meeting.Task;
    }

    public BrokenApproval? Find(string id) => All.Find(each => IsSame(each.Id, id));

    public bool IsSame(string a, string b) =>
        string.Equals(a, b, defect == ApprovalDefect.FoldsCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public void Advance(DateTimeOffset now)
    {
        foreach (BrokenApproval each in All)
        {
            if (each.Ended is null && !IsInTime(each, now))
            {
                End(each, each.End < now ? each.End : now);
            }

            if (each.Ended > now + Tolerance && defect != ApprovalDefect.RemembersWhatIsAhead)
            {
                each.Ended = now;
            }

            if (defect == ApprovalDefect.OpensAgain && each.Ended is not null && IsInTime(each, now))
            {
                OpenAgain(each);
            }
        }

        TimeSpan remembered = defect == ApprovalDefect.ForgetsAtOnce ? TimeSpan.Zero : RememberedFor;
        All.RemoveAll(each => each.Ended + remembered <= now && defect != ApprovalDefect.RemembersForEver);
    }

    private bool IsInTime(BrokenApproval each, DateTimeOffset now)
    {
        TimeSpan late = defect == ApprovalDefect.EndsLate ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
        TimeSpan early = defect == ApprovalDefect.AllowsNoDifference ? TimeSpan.Zero : Tolerance;
        bool hasBegun = now >= each.Begin - early || defect == ApprovalDefect.FollowsClockBack
            || (each.Status == ApprovalStatus.Refused && defect != ApprovalDefect.RefusesOnlyFromThen);
        return hasBegun && now < each.End + late;
    }

    public void End(BrokenApproval each, DateTimeOffset at)
    {
        each.Ended = at;
        each.KeepsContent &= defect is ApprovalDefect.KeepsExpiredContent or ApprovalDefect.OpensAgain;
        if (each.Status is ApprovalStatus.Pending or ApprovalStatus.Approved)
        {
            each.Status = ApprovalStatus.Expired;
        }
    }

    private static void OpenAgain(BrokenApproval each)
    {
        each.Ended = null;
        if (each.Status == ApprovalStatus.Expired)
        {
            each.Status = each.Answer is null ? ApprovalStatus.Pending : ApprovalStatus.Approved;
        }
    }
}
