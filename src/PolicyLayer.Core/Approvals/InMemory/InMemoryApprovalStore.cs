using PolicyLayer.Approvals.InMemory;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Approvals;

/// <summary>
/// Keeps approvals in the process's memory, their contents in clear. Safe for any number of threads; nothing survives a restart. It lives
/// by the times of its operations, without a timer.
/// </summary>
/// <remarks>
/// Each operation first ends what its time is past: contents go then, and with them all but how an approval ended, which goes an hour
/// later. What has ended doesn't come back where the clock does. Operations take turns, and take a time that grows with the logarithm of
/// what is held; to list takes as long as what is pending, at most.
/// </remarks>
public sealed class InMemoryApprovalStore : IApprovalStore
{
    private readonly Lock _lock = new();
    private readonly HeldApprovals _held = new();
    private readonly int _maxApprovals;
    private readonly int _maxApprovalsPerGrant;
    private readonly long _maxContentBytes;
    private readonly long _maxContentBytesPerGrant;
    private long _made;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">Its bounds; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of range.</exception>
    public InMemoryApprovalStore(InMemoryApprovalStoreOptions? options = null)
    {
        options ??= new InMemoryApprovalStoreOptions();
        options.Validate();
        _maxApprovals = options.MaxApprovals;
        _maxApprovalsPerGrant = options.MaxApprovalsPerGrant;
        _maxContentBytes = options.MaxContentBytes;
        _maxContentBytesPerGrant = options.MaxContentBytesPerGrant;
        LiveInstruments.PendingApprovals.Add(this, () => Pending);
    }

    /// <summary>How many it holds, those included that are only remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _held.All.Count;
            }
        }
    }

    /// <summary>How many wait for an answer, by the time of the latest operation.</summary>
    private int Pending
    {
        get
        {
            lock (_lock)
            {
                return _held.All.Pending;
            }
        }
    }

    /// <summary>How many bytes of contents it holds.</summary>
    internal long ContentBytes
    {
        get
        {
            lock (_lock)
            {
                return _held.All.ContentBytes;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentException">Its terms cover nothing, or there was a request with its id.</exception>
    public ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Terms == default)
        {
            throw new ArgumentException("The terms of a request cover nothing.", nameof(request));
        }

        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ApprovalAnswer>(cancellationToken)
            : new ValueTask<ApprovalAnswer>(Ask(request));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : new ValueTask<bool>(Spend(use));

    /// <inheritdoc/>
    public ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Return(use);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="answer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It approves for no call, or for no time.</exception>
    public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ApprovalResolution>(cancellationToken)
            : new ValueTask<ApprovalResolution>(Resolve(answer));
    }

    /// <inheritdoc/>
    public ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StoredApproval?>(cancellationToken)
            : new ValueTask<StoredApproval?>(Find(query));

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
        ApprovalListQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<StoredApproval>>(cancellationToken)
            : new ValueTask<IReadOnlyList<StoredApproval>>(ListPending(query));
    }

    private ApprovalAnswer Ask(ApprovalRequest request)
    {
        lock (_lock)
        {
            long now = Advance(request.Time);
            if (_held.AnswerFor(request.Binding, request.ExactBinding) is { } answer)
            {
                return ApprovalAnswer.Found(answer.ToStored());
            }

            if (!request.MayRequest)
            {
                return ApprovalAnswer.Nothing;
            }

            if (_held.Find(request.NewId) is not null)
            {
                throw new ArgumentException("There was a request with its id.", nameof(request));
            }

            if (!TryMakeRoom(request))
            {
                return ApprovalAnswer.TooMany;
            }

            var held = new HeldApproval(request, now, _made++);
            _held.Add(held);
            return ApprovalAnswer.Requested(held.ToStored());
        }
    }

    /// <summary>Makes room where there is none by dropping the oldest that is only remembered: one, as one comes.</summary>
    private bool TryMakeRoom(ApprovalRequest request)
    {
        HeldShare all = _held.All;
        HeldShare? share = _held.ShareOf(request.GrantId);
        int bytes = request.Content.Length;
        if (bytes > _maxContentBytesPerGrant || !all.HasRoomFor(bytes, _maxContentBytes) || !all.HasRoom(_maxApprovals))
        {
            return false;
        }

        bool hasShare = share is null
            || (share.Pending < request.MaxPending
                && share.HasRoomFor(bytes, _maxContentBytesPerGrant)
                && share.HasRoom(_maxApprovalsPerGrant));
        if (!hasShare)
        {
            return false;
        }

        if (share?.Count >= _maxApprovalsPerGrant)
        {
            _held.Forget(share.OldestRemembered!);
        }
        else if (all.Count >= _maxApprovals)
        {
            _held.Forget(all.OldestRemembered!);
        }

        return true;
    }

    private bool Spend(ApprovalUse use)
    {
        lock (_lock)
        {
            Advance(use.Time);
            if (Find(use) is not { } held)
            {
                return false;
            }

            _held.TakeOut(held);
            bool isSpent = held.TrySpend();
            _held.PutBack(held);
            return isSpent;
        }
    }

    private void Return(ApprovalUse use)
    {
        lock (_lock)
        {
            Advance(use.Time);
            if (Find(use) is { } held)
            {
                _held.TakeOut(held);
                held.Return();
                _held.PutBack(held);
            }
        }
    }

    private ApprovalResolution Resolve(ApprovalResolve answer)
    {
        lock (_lock)
        {
            long now = Advance(answer.Time);
            if (_held.Find(answer.Id) is not { } held)
            {
                return ApprovalResolution.Unknown;
            }

            if (!IsOpenTo(answer, held, out ApprovalResolution otherwise))
            {
                return otherwise;
            }

            ApprovalTerms terms = default;
            if (answer.IsApproved && !held.TryNarrow(answer, out terms))
            {
                return ApprovalResolution.NotAllowed;
            }

            _held.TakeOut(held);
            if (answer.IsApproved)
            {
                held.Approve(answer, terms, now);
            }
            else
            {
                _held.RefuseAllOf(held.Binding, answer, now);
                held.Refuse(answer, now);
            }

            _held.PutBack(held);
            return ApprovalResolution.Done;
        }
    }

    private StoredApproval? Find(ApprovalQuery query)
    {
        lock (_lock)
        {
            Advance(query.Time);
            return _held.Find(query.Id)?.ToStored();
        }
    }

    private StoredApproval[] ListPending(ApprovalListQuery query)
    {
        lock (_lock)
        {
            Advance(query.Time);
            return [.. _held.ListPending(query.After, query.GrantId, query.Count).Select(held => held.ToStored())];
        }
    }

    /// <summary>
    /// Whether an answer can still change anything: a pending one takes any, one that is approved can be refused while its time runs.
    /// </summary>
    private static bool IsOpenTo(ApprovalResolve answer, HeldApproval held, out ApprovalResolution otherwise)
    {
        otherwise = held.Status switch
        {
            ApprovalStatus.Pending => ApprovalResolution.Done,
            ApprovalStatus.Approved => answer.IsApproved ? ApprovalResolution.NotNeeded : ApprovalResolution.Done,
            ApprovalStatus.Spent => answer.IsApproved || held.HasEnded ? ApprovalResolution.Spent : ApprovalResolution.Done,
            ApprovalStatus.Refused => ApprovalResolution.Refused,
            _ => ApprovalResolution.Expired,
        };
        return otherwise == ApprovalResolution.Done;
    }

    private HeldApproval? Find(ApprovalUse use) => _held.Find(use.Id) is { } held && held.IsFor(use) ? held : null;

    private long Advance(DateTimeOffset time)
    {
        long now = time.UtcTicks;
        _held.Advance(now);
        return now;
    }
}
