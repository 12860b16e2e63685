namespace PolicyLayer.Counters;

/// <summary>
/// What fits, what is used and when to try again: the answer to a request, computed in one place for every store. Safe for any number of
/// threads; the counters that are handed in are the caller's to lock.
/// </summary>
public static class CounterArithmetic
{
    /// <summary>Whether an amount fits beside what a counter holds: <c>used + amount &lt;= max</c>, without overflow.</summary>
    /// <param name="usedMillionths">What the counter holds.</param>
    /// <param name="amountMillionths">What would be added.</param>
    /// <param name="maxMillionths">What the counter may hold.</param>
    public static bool Fits(long usedMillionths, long amountMillionths, long maxMillionths) =>
        usedMillionths <= maxMillionths - amountMillionths;

    /// <summary>
    /// Judges a request by the counters that it asks, which move to its time; by copies of them if it only looks. The refusal is complete.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="counters">The counter of each demand, in their order; null for one that doesn't exist.</param>
    /// <param name="refusal">What to answer if it doesn't fit; else a default value.</param>
    /// <returns>Whether every demand fits.</returns>
    /// <exception cref="ArgumentException">There aren't as many counters as demands.</exception>
    public static bool Fits(in CounterRequest request, ReadOnlySpan<CounterWindow?> counters, out CounterReservation refusal)
    {
        RequireOneEach(request, counters.Length, nameof(counters));
        return request.Mode == CounterRequestMode.Look
            ? FitsNow(request, CopiesOf(counters), out refusal)
            : FitsNow(request, counters, out refusal);
    }

    /// <summary>The refusal of a request, for a store that doesn't keep its counters as <see cref="CounterWindow"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="usedMillionths">What each counter holds, in the order of the demands.</param>
    /// <param name="waits">How long until each demand fits; what stands here for one that fits, or never does, doesn't matter.</param>
    /// <exception cref="ArgumentException">There aren't as many amounts or waits as demands.</exception>
    public static CounterReservation Refuse(in CounterRequest request, ReadOnlySpan<long> usedMillionths, ReadOnlySpan<TimeSpan> waits)
    {
        RequireOneEach(request, usedMillionths.Length, nameof(usedMillionths));
        RequireOneEach(request, waits.Length, nameof(waits));
        TimeSpan longest = TimeSpan.Zero;
        bool canFit = CanEverFit(request);
        for (int i = 0; i < waits.Length; i++)
        {
            canFit &= usedMillionths[i] >= request.Limits[i].MinMillionths;
            bool fits = Fits(usedMillionths[i], request.AmountMillionths(i), request.Limits[i].MaxMillionths);
            longest = !fits && waits[i] > longest ? waits[i] : longest;
        }

        return CounterReservation.Refused(usedMillionths, canFit ? longest : null);
    }

    /// <summary>
    /// The admission of a request that <see cref="Fits(in CounterRequest, ReadOnlySpan{CounterWindow?}, out CounterReservation)"/>: charges
    /// its counters and remembers when; if it only looks, nothing is charged or moved. A look, and a charge that wants it, says what each
    /// counter holds.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="counters">The counter of each demand, in their order; null only where the amount is 0.</param>
    /// <exception cref="ArgumentException">There aren't as many counters as demands.</exception>
    public static CounterReservation Admit(in CounterRequest request, ReadOnlySpan<CounterWindow?> counters)
    {
        RequireOneEach(request, counters.Length, nameof(counters));
        if (request.Mode == CounterRequestMode.Look)
        {
            return LookNow(request, CopiesOf(counters));
        }

        long stamp = request.UnixMilliseconds;
        bool isOneTime = true;
        for (int i = 0; i < counters.Length; i++)
        {
            if (counters[i] is { } counter)
            {
                counter.Charge(request.AmountMillionths(i));
                isOneTime &= i == 0 || counter.LatestUnixMilliseconds == stamp;
                stamp = counter.LatestUnixMilliseconds;
            }
        }

        long[]? times = isOneTime ? null : TimesOf(counters);
        return request.WantsUsed ? ChargedOf(counters, stamp, times) : CounterReservation.Admitted(stamp, times);
    }

    /// <summary>Gives back one demand of a request that <see cref="Admit"/> answered; nothing if it only looked.</summary>
    /// <param name="release">The request and its reservation.</param>
    /// <param name="index">Which demand.</param>
    /// <param name="counter">Its counter.</param>
    /// <exception cref="ArgumentNullException"><paramref name="counter"/> is null.</exception>
    /// <exception cref="ArgumentException">The reservation is the answer to another request.</exception>
    public static void Release(in CounterRelease release, int index, CounterWindow counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        var times = release.Reservation.State as long[];
        if (times is not null)
        {
            RequireOneEach(release.Request, times.Length, nameof(release));
        }

        if (release.Request.Mode == CounterRequestMode.Charge)
        {
            counter.Release(release.Request.AmountMillionths(index), times?[index] ?? release.Reservation.Stamp);
        }
    }

    /// <summary>Whether waiting can help a request that was refused: no amount exceeds its maximum, and no minimum is missing.</summary>
    internal static bool WaitingHelps(in CounterRequest request, in CounterReservation refusal)
    {
        bool holdMinima = true;
        for (int i = 0; i < request.Count && !request.Limits.ArePlain; i++)
        {
            holdMinima &= refusal.GetUsedMillionths(i) >= request.Limits[i].MinMillionths;
        }

        return holdMinima && CanEverFit(request);
    }

    /// <summary>Whether no amount exceeds its maximum.</summary>
    internal static bool CanEverFit(in CounterRequest request)
    {
        for (int i = 0; i < request.Count; i++)
        {
            if (request.AmountMillionths(i) > request.Limits[i].MaxMillionths)
            {
                return false;
            }
        }

        return true;
    }

    private static bool FitsNow(in CounterRequest request, ReadOnlySpan<CounterWindow?> counters, out CounterReservation refusal)
    {
        bool fits = true;
        for (int i = 0; i < counters.Length; i++)
        {
            CounterWindow? counter = counters[i];
            counter?.MoveTo(request.UnixMilliseconds);
            long used = counter?.UsedMillionths ?? 0;
            fits &= request.Limits[i].IsMet(used, request.AmountMillionths(i));
        }

        refusal = fits ? default : RefuseNow(request, counters);
        return fits;
    }

    private static CounterReservation ChargedOf(ReadOnlySpan<CounterWindow?> counters, long stamp, long[]? times) =>
        counters.Length == 1
            ? CounterReservation.Charged([counters[0]?.UsedMillionths ?? 0], stamp, times)
            : CounterReservation.Charged(UsedOf(counters), stamp, times);

    private static CounterReservation LookNow(in CounterRequest request, ReadOnlySpan<CounterWindow?> copies)
    {
        foreach (CounterWindow? copy in copies)
        {
            copy?.MoveTo(request.UnixMilliseconds);
        }

        return CounterReservation.Looked(UsedOf(copies));
    }

    private static CounterReservation RefuseNow(in CounterRequest request, ReadOnlySpan<CounterWindow?> counters)
    {
        // INVARIANT: what no waiting helps has no wait, whatever the other demands ask.
        bool canFit = CanEverFit(request) && (request.Limits.ArePlain || HoldMinima(request, counters));
        long longest = 0;
        for (int i = 0; i < counters.Length && canFit; i++)
        {
            (long amount, long max) = (request.AmountMillionths(i), request.Limits[i].MaxMillionths);
            if (counters[i] is { } counter && !counter.Fits(amount, max))
            {
                longest = Math.Max(longest, counter.MomentOfRoom(amount, max) - request.UnixMilliseconds);
            }
        }

        return counters.Length == 1
            ? CounterReservation.Refused(counters[0]?.UsedMillionths ?? 0, longest)
            : CounterReservation.Refused(UsedOf(counters), longest);
    }

    private static bool HoldMinima(in CounterRequest request, ReadOnlySpan<CounterWindow?> counters)
    {
        bool hold = true;
        for (int i = 0; i < counters.Length; i++)
        {
            hold &= (counters[i]?.UsedMillionths ?? 0) >= request.Limits[i].MinMillionths;
        }

        return hold;
    }

    private static long[] UsedOf(ReadOnlySpan<CounterWindow?> counters)
    {
        var used = new long[counters.Length];
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = counters[i]?.UsedMillionths ?? 0;
        }

        return used;
    }

    private static CounterWindow?[] CopiesOf(ReadOnlySpan<CounterWindow?> counters)
    {
        var copies = new CounterWindow?[counters.Length];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = counters[i]?.Copy();
        }

        return copies;
    }

    /// <summary>After the clock has stepped back, counters may sit at different times.</summary>
    private static long[] TimesOf(ReadOnlySpan<CounterWindow?> counters)
    {
        var times = new long[counters.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = counters[i]?.LatestUnixMilliseconds ?? 0;
        }

        return times;
    }

    private static void RequireOneEach(in CounterRequest request, int count, string name)
    {
        if (count != request.Count)
        {
            throw new ArgumentException("There must be one for each demand of the request.", name);
        }
    }
}
