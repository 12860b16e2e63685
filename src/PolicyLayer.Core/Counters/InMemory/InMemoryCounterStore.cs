using System.Runtime.CompilerServices;
using PolicyLayer.Counters.InMemory;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Counters;

/// <summary>
/// Keeps counters in the process's memory. Safe for any number of threads; nothing survives a restart. It lives by the requests' times.
/// </summary>
/// <remarks>
/// Calls of different grants share no lock unless a limit counts for the whole policy, and a call on counters that exist allocates
/// nothing, except to say what several counters held when it refuses. Expired counters are dropped little by little as new ones are
/// made, without a timer. At a bound, a call that needs one more drops all that have expired, and is refused if there are none: a live
/// counter is never evicted. A counter for each value counts for the grant that made it, whatever its scope. What the store holds is
/// listed, and set back, by the clock of its options.
/// </remarks>
public sealed class InMemoryCounterStore : ICounterStore, ICounterInventory
{
    private readonly CounterPartitions _partitions;
    private readonly CounterInventory _inventory;
    private readonly TimeProvider _time;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">Its bounds; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of range.</exception>
    public InMemoryCounterStore(InMemoryCounterStoreOptions? options = null)
    {
        options ??= new InMemoryCounterStoreOptions();
        options.Validate();
        _partitions = new CounterPartitions(options.MaxCounters, options.MaxCountersPerGrant);
        _inventory = new CounterInventory(_partitions);
        _time = options.TimeProvider;
        LiveInstruments.CounterCounts.Add(this, () => Count);
    }

    /// <summary>How many counters it holds, expired ones that haven't been dropped yet included.</summary>
    internal int Count => _partitions.Count;

    internal CounterPartitions Partitions => _partitions;

    /// <inheritdoc/>
    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CounterReservation>(cancellationToken)
            : new ValueTask<CounterReservation>(Reserve(request));

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Release(release);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CounterStatus> ListAsync(CancellationToken cancellationToken = default) =>
        _inventory.List(_time.GetUtcNow(), cancellationToken).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask<bool> ResetAsync(CounterKey key, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : new ValueTask<bool>(_inventory.Reset(key, _time.GetUtcNow()));

    private CounterReservation Reserve(in CounterRequest request) =>
        !request.HasAmounts
        && request.Mode == CounterRequestMode.Charge
        && !request.WantsUsed
        && request.Limits.ArePlain
        && TryReserveWarm(request.Limits, request.GrantId, request.SessionId, request.UnixMilliseconds)
            ? CounterReservation.Admitted(request.UnixMilliseconds)
            : ReserveAny(request);

    internal void Release(in CounterRelease release)
    {
        CounterRequest request = release.Request;
        for (int i = 0; i < request.Count; i++)
        {
            CounterDefinition definition = request.Limits[i].Definition;
            CounterPartition? partition = definition.Scope == CounterScope.Policy ? _partitions.Shared : _partitions.Find(request.GrantId);
            if (partition is null)
            {
                continue;
            }

            // One that was retired meanwhile is empty: its counters had expired, and there is nothing to give back.
            partition.Enter();
            try
            {
                if (partition.Find(definition, request.Owner(i)) is { } window)
                {
                    CounterArithmetic.Release(release, i, window);
                    _partitions.MayExpireAt(partition, window.ExpiresUnixMilliseconds);
                }
            }
            finally
            {
                partition.Exit();
            }
        }
    }

    /// <summary>
    /// The usual case, without the bookkeeping of the others: one unit each, on counters of one partition that exist, have room and sit at
    /// the request's time, of a list that is plain. When it isn't that, nothing is charged.
    /// </summary>
    internal bool TryReserveWarm(CounterLimits limits, string grantId, string? sessionId, long now)
    {
        CounterPartition? partition = FindOnlyPartition(limits, grantId);
        if (partition is null)
        {
            return false;
        }

        // One that was retired meanwhile is empty: no counter is found in it, and nothing is charged.
        partition.Enter();
        try
        {
            return limits.Length == 1
                ? partition.TryCharge(limits[0], sessionId, now)
                : partition.TryChargeAll(limits, sessionId, now);
        }
        finally
        {
            partition.Exit();
        }
    }

    /// <summary>The partition that has all counters of a call; null when that takes two, or isn't there yet.</summary>
    private CounterPartition? FindOnlyPartition(CounterLimits limits, string grantId)
    {
        if (!limits.AnyCountsForPolicy)
        {
            return _partitions.Find(grantId);
        }

        return limits.AllCountForPolicy ? _partitions.Shared : null;
    }

    /// <summary>Answers any request.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal CounterReservation ReserveAny(in CounterRequest request)
    {
        if (TryRefuseOne(request, out CounterReservation refusal))
        {
            return refusal;
        }

        CounterReservation reservation = Attempt(request, reserved: 0, out Shortage shortage);
        return shortage.Count == 0 ? reservation : ReserveNew(request, shortage);
    }

    /// <summary>
    /// An agent that goes on at its limit, which is what limits are for: one plain counter has no room, and nothing is made.
    /// </summary>
    private bool TryRefuseOne(in CounterRequest request, out CounterReservation refusal)
    {
        refusal = default;
        CounterLimits limits = request.Limits;
        if (limits.Length != 1 || !limits.ArePlain || limits.AnyIsRecent || request.Mode != CounterRequestMode.Charge)
        {
            return false;
        }

        // One that was retired meanwhile is empty, as one that isn't there yet: its counter holds nothing.
        CounterPartition? partition = FindOnlyPartition(limits, request.GrantId);
        partition?.Enter();
        try
        {
            CounterWindow? window = partition?.Find(limits[0].Definition, request.Owner(0));
            return !CounterArithmetic.Fits(request, [window], out refusal);
        }
        finally
        {
            partition?.Exit();
        }
    }

    /// <summary>Reserves room for the missing counters, and tries again: others may have made, or dropped, some meanwhile.</summary>
    private CounterReservation ReserveNew(in CounterRequest request, Shortage shortage)
    {
        int reserved = 0;
        bool grows = request.Mode == CounterRequestMode.Charge;
        try
        {
            while (true)
            {
                if (!_partitions.TryReserveCapacity(shortage.Count - reserved, request.UnixMilliseconds, grows))
                {
                    return CounterReservation.AtCapacity(shortage.First);
                }

                reserved = Math.Max(reserved, shortage.Count);
                CounterReservation reservation = Attempt(request, reserved, out shortage);
                if (shortage.Count == 0)
                {
                    // The room of the counters that were made stays taken; what is left over is given back below.
                    reserved -= shortage.Made;
                    return reservation;
                }
            }
        }
        finally
        {
            _partitions.ReleaseCapacity(reserved);
        }
    }

    /// <summary>Answers, if at most as many counters are missing as room is reserved for.</summary>
    private CounterReservation Attempt(in CounterRequest request, int reserved, out Shortage shortage)
    {
        CounterLimits limits = request.Limits;
        CounterPartition? shared = limits.AnyCountsForPolicy ? _partitions.Shared : null;

        // One for each value counts for the grant that made it, whatever its scope.
        bool needsOwn = !limits.AllCountForPolicy || !limits.ArePlain;
        while (true)
        {
            CounterPartition? own = needsOwn ? FindOwn(request, reserved) : null;

            // INVARIANT: a grant's partition is always locked before the shared one, so that two calls never wait for each other.
            own?.Enter();
            shared?.Enter();
            try
            {
                if (own is not { IsRetired: true })
                {
                    return Reserve(request, own, shared, reserved, out shortage);
                }
            }
            finally
            {
                shared?.Exit();
                own?.Exit();
            }

            _partitions.Forget(request.GrantId, own!);
        }
    }

    private CounterPartition? FindOwn(in CounterRequest request, int reserved) => reserved > 0 && request.Mode == CounterRequestMode.Charge
        ? _partitions.FindOrAdd(request.GrantId)
        : _partitions.Find(request.GrantId);

    private CounterReservation Reserve(
        in CounterRequest request, CounterPartition? own, CounterPartition? shared, int reserved, out Shortage shortage)
    {
        InlineArray8<CounterWindow?> buffer = default;
        Span<CounterWindow?> windows = request.Count <= CounterLimits.Few
            ? buffer[..request.Count]
            : new CounterWindow?[request.Count];
        Shortage missing = FindWindows(request, own, shared, windows);

        shortage = default;
        bool fits = CounterArithmetic.Fits(request, windows, out CounterReservation refusal);
        if (request.Limits.AnyIsRecent)
        {
            // One of the recent kind may expire sooner whenever it moves.
            NoteExpiry(own, shared, windows);
        }

        if (!fits)
        {
            return refusal;
        }

        if (missing.OfGrant > 0 && !_partitions.HasRoom(own, shared is not null, missing.OfGrant, request.UnixMilliseconds))
        {
            return CounterReservation.AtCapacity(missing.FirstOfGrant);
        }

        if (missing.Count > reserved)
        {
            shortage = missing;
            return default;
        }

        if (missing.Count > 0 && request.Mode == CounterRequestMode.Charge)
        {
            AddMissing(request, own, shared, windows);
            shortage.Made = missing.Count;
        }

        CounterReservation admission = CounterArithmetic.Admit(request, windows);
        if (shortage.Made > 0 || request.Limits.AnyIsRecent)
        {
            NoteExpiry(own, shared, windows);
        }

        return admission;
    }

    /// <summary>Finds the counters that are there, and says which aren't and need room.</summary>
    private Shortage FindWindows(
        in CounterRequest request, CounterPartition? own, CounterPartition? shared, Span<CounterWindow?> windows)
    {
        CounterLimits limits = request.Limits;
        var missing = default(Shortage);
        for (int i = 0; i < windows.Length; i++)
        {
            CounterDefinition definition = limits[i].Definition;
            bool isShared = definition.Scope == CounterScope.Policy;
            CounterPartition? partition = isShared ? shared : own;
            windows[i] = partition?.Find(definition, request.Owner(i));
            if (isShared && definition.IsPartitioned && IsRevived(request, i, windows[i]))
            {
                // It counted for the grant that made it; from now on it counts for this one.
                _partitions.Drop(partition!, definition, request.Owner(i));
                windows[i] = null;
            }

            if (NeedsRoom(request, i, windows[i]))
            {
                missing.Add(i, ofGrant: !isShared || definition.IsPartitioned);
            }
        }

        return missing;
    }

    /// <summary>
    /// Whether a demand needs room for a counter. A look doesn't revive one that has expired, as its charge would, and needs the room that
    /// is made by dropping it.
    /// </summary>
    private static bool NeedsRoom(in CounterRequest request, int index, CounterWindow? window) => window is null
        ? request.AmountMillionths(index) > 0
        : request.Mode == CounterRequestMode.Look && window.ExpiresUnixMilliseconds <= request.UnixMilliseconds;

    /// <summary>Whether a charge would make live again what has expired.</summary>
    private static bool IsRevived(in CounterRequest request, int index, CounterWindow? window) =>
        request.Mode == CounterRequestMode.Charge
        && request.AmountMillionths(index) > 0
        && window?.ExpiresUnixMilliseconds <= request.UnixMilliseconds;

    private void AddMissing(in CounterRequest request, CounterPartition? own, CounterPartition? shared, Span<CounterWindow?> windows)
    {
        for (int i = 0; i < windows.Length; i++)
        {
            if (windows[i] is null && request.AmountMillionths(i) > 0)
            {
                CounterDefinition definition = request.Limits[i].Definition;
                bool isShared = definition.Scope == CounterScope.Policy;
                CounterPartition? maker = isShared && definition.IsPartitioned ? own : null;
                CounterWindow window = (isShared ? shared! : own!).Add(definition, request.Owner(i), _partitions.Floor, maker);
                window.MoveTo(request.UnixMilliseconds);
                windows[i] = window;
            }
        }
    }

    /// <summary>After the charge: only then is it known until when a counter counts.</summary>
    private void NoteExpiry(CounterPartition? own, CounterPartition? shared, ReadOnlySpan<CounterWindow?> windows)
    {
        foreach (CounterWindow? window in windows)
        {
            if (window is not null)
            {
                CounterPartition? partition = window.Definition.Scope == CounterScope.Policy ? shared : own;
                _partitions.MayExpireAt(partition!, window.ExpiresUnixMilliseconds);
            }
        }
    }

    /// <summary>The counters that a request needs and that don't exist yet.</summary>
    private struct Shortage
    {
        public int Count;
        public int First;
        public int OfGrant;
        public int FirstOfGrant;
        public int Made;

        public void Add(int index, bool ofGrant)
        {
            First = Count++ == 0 ? index : First;
            if (ofGrant)
            {
                FirstOfGrant = OfGrant++ == 0 ? index : FirstOfGrant;
            }
        }
    }
}
