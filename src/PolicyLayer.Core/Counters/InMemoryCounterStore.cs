using System.Runtime.CompilerServices;

namespace PolicyLayer.Counters;

/// <summary>
/// Keeps counters in the process's memory. Safe for any number of threads; nothing survives a restart. It lives by the requests' times.
/// </summary>
/// <remarks>
/// Calls of different grants share no lock unless a limit counts for the whole policy, and a call on counters that exist allocates
/// nothing, except to say what several counters held when it refuses. Expired counters are dropped little by little as new ones are
/// made, without a timer. At a bound, a call that needs one more drops all that have expired, and is refused if there are none: a live
/// counter is never evicted.
/// </remarks>
public sealed class InMemoryCounterStore : ICounterStore
{
    private readonly CounterBooks _books;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">Its bounds; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of range.</exception>
    public InMemoryCounterStore(InMemoryCounterStoreOptions? options = null)
    {
        options ??= new InMemoryCounterStoreOptions();
        options.Validate();
        _books = new CounterBooks(options.MaxCounters, options.MaxCountersPerGrant);
    }

    /// <summary>How many counters it holds, expired ones that haven't been dropped yet included.</summary>
    public int Count => _books.Count;

    /// <inheritdoc/>
    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<CounterReservation>(cancellationToken);
        }

        return !request.HasAmounts
            && TryReserveWarm(request.Limits, request.GrantId, request.SessionId, request.UnixMilliseconds, out long stamp)
            ? new ValueTask<CounterReservation>(CounterReservation.Admitted(stamp))
            : new ValueTask<CounterReservation>(ReserveAny(request));
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        CounterRequest request = release.Request;
        var times = release.Reservation.State as long[];
        if (times is not null && times.Length != request.Count)
        {
            throw new ArgumentException("The reservation is the answer to another request.", nameof(release));
        }

        for (int i = 0; i < request.Count; i++)
        {
            CounterDefinition definition = request.Limits[i].Definition;
            CounterBook? book = definition.Scope == CounterScope.Policy ? _books.Shared : _books.Find(request.GrantId);
            if (book is null)
            {
                continue;
            }

            book.Enter();
            try
            {
                if (book.Find(definition, request.SessionId) is { } window)
                {
                    window.Release(request.Amount(i), times?[i] ?? release.Reservation.Stamp);
                    _books.MayExpireAt(book, window.ExpiresUnixMilliseconds);
                }
            }
            finally
            {
                book.Exit();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The usual case, without the bookkeeping of the others: one unit each, on counters of one book that exist, have room and sit at
    /// one time, the stamp. When it isn't that, nothing is charged.
    /// </summary>
    internal bool TryReserveWarm(ReadOnlySpan<CounterLimit> limits, string grantId, string? sessionId, long now, out long stamp)
    {
        stamp = 0;
        CounterBook? book = FindOnlyBook(limits, grantId);
        if (book is null)
        {
            return false;
        }

        book.Enter();
        try
        {
            return limits.Length == 1
                ? book.TryCharge(limits[0], sessionId, now, out stamp)
                : book.TryChargeAll(limits, sessionId, now, out stamp);
        }
        finally
        {
            book.Exit();
        }
    }

    /// <summary>The book that has all counters of a call; null when that takes two, or isn't there yet.</summary>
    private CounterBook? FindOnlyBook(ReadOnlySpan<CounterLimit> limits, string grantId)
    {
        bool isShared = limits.Length > 0 && limits[0].Definition.Scope == CounterScope.Policy;
        for (int i = 1; i < limits.Length; i++)
        {
            if (isShared != (limits[i].Definition.Scope == CounterScope.Policy))
            {
                return null;
            }
        }

        return isShared ? _books.Shared : _books.Find(grantId);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CounterReservation ReserveAny(in CounterRequest request)
    {
        CounterReservation reservation = Attempt(request, paid: 0, out Shortage shortage);
        return shortage.Count == 0 ? reservation : ReserveNew(request, shortage);
    }

    /// <summary>Pays for the counters that are missing, and tries again: others may have made, or dropped, some meanwhile.</summary>
    private CounterReservation ReserveNew(in CounterRequest request, Shortage shortage)
    {
        int paid = 0;
        try
        {
            while (true)
            {
                if (!_books.TryPay(shortage.Count - paid, request.UnixMilliseconds))
                {
                    return CounterReservation.AtCapacity(shortage.First);
                }

                paid = Math.Max(paid, shortage.Count);
                CounterReservation reservation = Attempt(request, paid, out shortage);
                if (shortage.Count == 0)
                {
                    paid -= shortage.Made;
                    return reservation;
                }
            }
        }
        finally
        {
            _books.Refund(paid);
        }
    }

    /// <summary>Reserves everything, if at most as many counters are missing as are paid for.</summary>
    private CounterReservation Attempt(in CounterRequest request, int paid, out Shortage shortage)
    {
        Scopes scopes = ScopesOf(request);
        CounterBook? shared = scopes.Shared ? _books.Shared : null;
        while (true)
        {
            CounterBook? own = !scopes.Own ? null : paid > 0 ? _books.FindOrAdd(request.GrantId) : _books.Find(request.GrantId);

            // Always in this order: two calls never wait for each other.
            own?.Enter();
            shared?.Enter();
            try
            {
                if (own is not { IsRetired: true })
                {
                    return Reserve(request, own, shared, paid, out shortage);
                }
            }
            finally
            {
                shared?.Exit();
                own?.Exit();
            }
        }
    }

    private CounterReservation Reserve(in CounterRequest request, CounterBook? own, CounterBook? shared, int paid, out Shortage shortage)
    {
        ReadOnlySpan<CounterLimit> limits = request.Limits;
        var buffer = new CounterWindowBuffer();
        Span<CounterWindow?> windows = limits.Length <= CounterWindowBuffer.Length ? buffer[..limits.Length] : new CounterWindow?[limits.Length];
        shortage = default;
        bool fits = true;
        for (int i = 0; i < limits.Length; i++)
        {
            CounterDefinition definition = limits[i].Definition;
            CounterBook? book = definition.Scope == CounterScope.Policy ? shared : own;
            CounterWindow? window = book?.Find(definition, request.SessionId);
            windows[i] = window;
            if (window is not null)
            {
                window.MoveTo(request.UnixMilliseconds);
                fits &= window.Fits(request.Amount(i), limits[i].MaxMillionths);
            }
            else if (request.Amount(i) > 0)
            {
                fits &= request.Amount(i) <= limits[i].MaxMillionths;
                shortage.Add(i, ofGrant: definition.Scope != CounterScope.Policy);
            }
        }

        if (!fits)
        {
            shortage = default;
            return Refuse(request, windows);
        }

        if (shortage.Count > 0)
        {
            if (own is not null && shortage.OfGrant > 0 && !_books.HasRoom(own, shortage.OfGrant, request.UnixMilliseconds))
            {
                int first = shortage.FirstOfGrant;
                shortage = default;
                return CounterReservation.AtCapacity(first);
            }

            if (shortage.Count > paid)
            {
                return default;
            }

            AddMissing(request, own, shared, windows);
            CounterReservation reservation = Charge(request, windows);
            for (int i = 0; i < windows.Length; i++)
            {
                if (windows[i] is { } window)
                {
                    _books.MayExpireAt((window.Definition.Scope == CounterScope.Policy ? shared : own)!, window.ExpiresUnixMilliseconds);
                }
            }

            shortage = new Shortage { Made = shortage.Count };
            return reservation;
        }

        return Charge(request, windows);
    }

    private void AddMissing(in CounterRequest request, CounterBook? own, CounterBook? shared, Span<CounterWindow?> windows)
    {
        for (int i = 0; i < windows.Length; i++)
        {
            if (windows[i] is null && request.Amount(i) > 0)
            {
                CounterDefinition definition = request.Limits[i].Definition;
                CounterBook book = definition.Scope == CounterScope.Policy ? shared! : own!;
                CounterWindow window = book.Add(definition, request.SessionId, _books.Floor);
                window.MoveTo(request.UnixMilliseconds);
                windows[i] = window;
            }
        }
    }

    private static CounterReservation Charge(in CounterRequest request, ReadOnlySpan<CounterWindow?> windows)
    {
        long stamp = request.UnixMilliseconds;
        bool isOneTime = true;
        for (int i = 0; i < windows.Length; i++)
        {
            if (windows[i] is { } window)
            {
                window.Charge(request.Amount(i));
                isOneTime &= i == 0 || window.LatestUnixMilliseconds == stamp;
                stamp = window.LatestUnixMilliseconds;
            }
        }

        return CounterReservation.Admitted(stamp, isOneTime ? null : TimesOf(windows));
    }

    /// <summary>After the clock has stepped back, counters may sit at different times.</summary>
    private static long[] TimesOf(ReadOnlySpan<CounterWindow?> windows)
    {
        var times = new long[windows.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = windows[i]?.LatestUnixMilliseconds ?? 0;
        }

        return times;
    }

    private static CounterReservation Refuse(in CounterRequest request, ReadOnlySpan<CounterWindow?> windows)
    {
        long retryAfter = 0;
        bool canEverFit = true;
        for (int i = 0; i < windows.Length; i++)
        {
            long amount = request.Amount(i);
            long max = request.Limits[i].MaxMillionths;
            canEverFit &= amount <= max;
            if (windows[i] is { } window && !window.Fits(amount, max))
            {
                retryAfter = Math.Max(retryAfter, window.RetryAfterMilliseconds(amount, max, request.UnixMilliseconds));
            }
        }

        retryAfter = canEverFit ? retryAfter : 0;
        if (windows.Length == 1)
        {
            return CounterReservation.Refused(windows[0]?.UsedMillionths ?? 0, retryAfter);
        }

        var used = new long[windows.Length];
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = windows[i]?.UsedMillionths ?? 0;
        }

        return CounterReservation.Refused(used, retryAfter);
    }

    private static Scopes ScopesOf(in CounterRequest request)
    {
        var scopes = default(Scopes);
        foreach (ref readonly CounterLimit limit in request.Limits)
        {
            bool isShared = limit.Definition.Scope == CounterScope.Policy;
            scopes.Shared |= isShared;
            scopes.Own |= !isShared;
        }

        return scopes;
    }

    private struct Scopes
    {
        public bool Own;
        public bool Shared;
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
