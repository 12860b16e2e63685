using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// A request for approval of which not all is recorded that may become of it. It holds nothing of what the person is shown. Safe for any
/// number of threads.
/// </summary>
/// <param name="asked">The record of it, but for what isn't known yet.</param>
/// <param name="decision">The decision that asked.</param>
/// <param name="made">When it was made.</param>
/// <param name="pendingFor">For how long it is pending.</param>
internal sealed class OpenRequest(AuditRecord asked, DecisionId decision, DateTimeOffset made, TimeSpan pendingFor)
{
    /// <summary>Stores remember for an hour what has ended: whatever comes to its end early is found in time.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    /// <summary>For a store that gave no answer, or whose clock is behind.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _ends = After(made, pendingFor);
    private bool _isApproved;
    private bool _isOver;

    public string Id { get; } = asked.ApprovalId!;

    public DecisionId Decision { get; } = decision;

    /// <summary>Whether there is nothing more to learn.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock)
            {
                return _isOver;
            }
        }
    }

    /// <summary>Takes in what the store says of it, or null for what it doesn't know.</summary>
    /// <returns>What is to be recorded: each answer once, whoever brings it first. Null for nothing new.</returns>
    public AuditRecord? Learn(StoredApproval? found, DateTimeOffset now)
    {
        StoredApproval? own = found?.Id == Id ? found : null;
        ApprovalStatus outcome = OutcomeOf(own);
        lock (_lock)
        {
            // A store that is behind doesn't know yet what it will.
            bool isTooEarly = outcome == ApprovalStatus.Unknown && now < _ends;
            if (_isOver || isTooEarly || outcome == ApprovalStatus.Pending)
            {
                return null;
            }

            bool wasApproved = _isApproved;
            if (outcome == ApprovalStatus.Approved && !wasApproved)
            {
                _isApproved = true;
                _ends = After(now, own!.Terms.ValidFor);
            }

            _isOver = own is not { Status: ApprovalStatus.Approved or ApprovalStatus.Spent };

            // Of what is recorded as approved nothing is news but that a person took it back.
            return wasApproved && outcome != ApprovalStatus.Refused ? null : Describe(outcome, own, now);
        }
    }

    /// <summary>When to look again; null when there is nothing more to learn.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isAnswered">Whether the store answered, should it have been asked.</param>
    public DateTimeOffset? NextLook(DateTimeOffset now, bool isAnswered)
    {
        lock (_lock)
        {
            if (_isOver || (now >= _ends && ((_isApproved && isAnswered) || now >= After(_ends, LongestPause))))
            {
                return null;
            }

            if (!isAnswered || now >= _ends)
            {
                return After(now, ShortestPause);
            }

            DateTimeOffset latest = After(now, LongestPause);
            return latest < _ends ? latest : _ends;
        }
    }

    private static DateTimeOffset After(DateTimeOffset time, TimeSpan span) =>
        time > DateTimeOffset.MaxValue - span ? DateTimeOffset.MaxValue : time + span;

    private static ApprovalStatus OutcomeOf(StoredApproval? found) => found switch
    {
        { Status: ApprovalStatus.Pending or ApprovalStatus.Refused } => found.Status,
        { Status: ApprovalStatus.Approved or ApprovalStatus.Spent } => ApprovalStatus.Approved,
        { Status: ApprovalStatus.Expired } => found.AnsweredBy is null ? ApprovalStatus.Expired : ApprovalStatus.Approved,
        _ => ApprovalStatus.Unknown,
    };

    private AuditRecord Describe(ApprovalStatus outcome, StoredApproval? found, DateTimeOffset now)
    {
        if (found is null || outcome == ApprovalStatus.Unknown)
        {
            return asked with { Time = now, ApprovalStatus = ApprovalStatus.Unknown };
        }

        DateTimeOffset time = found.Answered ?? found.Until;
        bool isApproved = outcome == ApprovalStatus.Approved;
        return asked with
        {
            Time = time,
            ApprovalStatus = outcome,
            AnsweredBy = found.AnsweredBy,
            ApprovedUses = isApproved ? found.Terms.Uses : null,
            ApprovedUntil = isApproved ? found.Until : null,
            IsApprovalExact = isApproved && found.IsExact,
            Duration = time - found.Requested,
        };
    }
}
