using PolicyLayer.Text;

namespace PolicyLayer.Approvals;

/// <summary>
/// Where people see what waits for them, and answer; in the host's own process or in another one on the same store. Safe for any number of
/// threads.
/// </summary>
/// <remarks>
/// An answer changes nothing but whether a person stands in the call's way: the call is judged anew, by the policy of then, when it comes
/// back.
/// </remarks>
public sealed class ApprovalInbox
{
    /// <summary>The most requests on one page of a list: 1,000.</summary>
    public const int MaxPage = 1_000;

    /// <summary>The longest reason: 1,024 characters, none of them a control character.</summary>
    public const int MaxReasonLength = 1_024;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly IApprovalStore _store;
    private readonly TimeProvider _time;
    private readonly Func<string, ValueTask>? _answered;

    /// <summary>Makes an inbox.</summary>
    /// <param name="store">The store of the authorizers whose calls wait.</param>
    /// <param name="timeProvider">The clock, the same as the authorizers'; null for the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public ApprovalInbox(IApprovalStore store, TimeProvider? timeProvider = null)
        : this(store, timeProvider, answered: null)
    {
    }

    /// <param name="store">The store.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="answered">Is told the id of what was answered, once the store has the answer; null for nobody.</param>
    internal ApprovalInbox(IApprovalStore store, TimeProvider? timeProvider, Func<string, ValueTask>? answered)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _time = timeProvider ?? TimeProvider.System;
        _answered = answered;
    }

    /// <summary>Approves a pending request.</summary>
    /// <param name="id">The approval's id, as <see cref="ToolCallDecision.ApprovalId"/> gives it.</param>
    /// <param name="approver">Who approves.</param>
    /// <param name="reason">Why, for the record: at most <see cref="MaxReasonLength"/> characters; null for no words.</param>
    /// <param name="uses">How many calls it covers, at most as many as were asked for; null for these.</param>
    /// <param name="validFor">For how long from now, at most as long as was asked for; null for that.</param>
    /// <param name="isExact">
    /// Whether it covers no call but one with the very arguments of the request, though more were asked for; false for what was asked for.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of the answer. What covers more than was asked for is <see cref="ApprovalResolution.NotAllowed"/>.</returns>
    /// <exception cref="ArgumentException">An argument is null that may not be, or out of range.</exception>
    public ValueTask<ApprovalResolution> ApproveAsync(
        string id,
        Approver approver,
        string? reason = null,
        int? uses = null,
        TimeSpan? validFor = null,
        bool isExact = false,
        CancellationToken cancellationToken = default)
    {
        if (uses is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(uses));
        }

        if (validFor is { } time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(1), nameof(validFor));
        }

        var narrowing = new Narrowing(uses, validFor, isExact);
        return AnswerAsync(id, approver, isApproved: true, reason, narrowing, cancellationToken);
    }

    /// <summary>
    /// Refuses a request that is pending, or takes back an approval whose time runs, spent or not. All other requests and approvals of the
    /// same call that haven't ended are refused with it, for the same reason, and end: no use of them comes back.
    /// </summary>
    /// <param name="id">The approval's id.</param>
    /// <param name="approver">Who refuses.</param>
    /// <param name="reason">
    /// Why, which the agent is told: at most <see cref="MaxReasonLength"/> characters; null for no words.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of the answer.</returns>
    /// <exception cref="ArgumentException">An argument is null that may not be, or out of range.</exception>
    public ValueTask<ApprovalResolution> RefuseAsync(
        string id, Approver approver, string? reason = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(id, approver, isApproved: false, reason, default, cancellationToken);

    /// <summary>Finds a request, whatever became of it.</summary>
    /// <param name="id">The approval's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The request; null when the id is unknown, or not remembered any more.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public async ValueTask<ApprovalView?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        StoredApproval? found = await _store.FindAsync(new ApprovalQuery(_time.GetUtcNow(), id), cancellationToken).ConfigureAwait(false);
        return found is null ? null : new ApprovalView(found);
    }

    /// <summary>Lists what waits for an answer, the oldest first, a page at a time.</summary>
    /// <param name="count">The most that are listed, 1 to <see cref="MaxPage"/>.</param>
    /// <param name="after">The last of the page before; null for the first page.</param>
    /// <param name="grantId">Whose; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public async ValueTask<IReadOnlyList<ApprovalView>> ListPendingAsync(
        int count = 100, ApprovalView? after = null, string? grantId = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxPage);
        var query = new ApprovalListQuery { Time = _time.GetUtcNow(), Count = count, After = after?.Stored, GrantId = grantId };
        IReadOnlyList<StoredApproval> page = await _store.ListPendingAsync(query, cancellationToken).ConfigureAwait(false);
        return [.. page.Select(stored => new ApprovalView(stored))];
    }

    /// <summary>Waits until a request isn't pending any more, for hosts that hold a call open meanwhile.</summary>
    /// <param name="id">The approval's id.</param>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// Where it stands: <see cref="ApprovalStatus.Pending"/> when the time ran out. An approved call is judged again before it runs.
    /// </returns>
    /// <exception cref="ArgumentException">The id is null, or the time is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask<ApprovalStatus> WaitAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        long started = _time.GetTimestamp();
        while (true)
        {
            ApprovalStatus status = (await FindAsync(id, cancellationToken).ConfigureAwait(false))?.Status ?? ApprovalStatus.Unknown;
            TimeSpan left = timeout - _time.GetElapsedTime(started);
            if (status != ApprovalStatus.Pending || left <= TimeSpan.Zero)
            {
                return status;
            }

            await Task.Delay(left < BetweenLooks ? left : BetweenLooks, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<ApprovalResolution> AnswerAsync(
        string id, Approver approver, bool isApproved, string? reason, Narrowing narrowing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(approver);
        if (reason is not null && (reason.Length > MaxReasonLength || !Utf16.IsWellFormed(reason) || reason.Any(char.IsControl)))
        {
            // An agent reads it behind the engine's own words: a line of its own would look like one of theirs.
            throw new ArgumentException(
                $"A reason is one line of at most {MaxReasonLength} characters of Unicode text, without controls.", nameof(reason));
        }

        // INVARIANT: no grant answers, whoever it says it is: an agent would approve its own calls.
        if (approver.GrantId is not null)
        {
            return ApprovalResolution.NotAllowed;
        }

        var answer = new ApprovalResolve
        {
            Time = _time.GetUtcNow(),
            Id = id,
            IsApproved = isApproved,
            By = approver.Name,
            Reason = reason,
            IsExact = narrowing.IsExact,
            Uses = narrowing.Uses,
            ValidFor = narrowing.ValidFor,
        };
        ApprovalResolution resolution = await _store.ResolveAsync(answer, cancellationToken).ConfigureAwait(false);
        if (resolution == ApprovalResolution.Done && _answered is not null)
        {
            await _answered(id).ConfigureAwait(false);
        }

        return resolution;
    }

    private readonly record struct Narrowing(int? Uses, TimeSpan? ValidFor, bool IsExact);
}
