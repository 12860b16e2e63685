using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>What a store may get wrong.</summary>
public enum Defect
{
    None,
    ChecksThenAdds,
    OffByOne,
    IgnoresRelease,
    ReleasesIntoNewWindow,
    ReleasesBelowZero,
    ChargesPartially,
    EvictsLiveCounters,
    LosesOnRestart,
    CountsInFloats,
    FollowsClockBack,
    ForgetsOnCleanUp,
    SlidesTooShort,
    ShiftsWindows,
    MixesSessions,
    SaysWrongUse,
    IgnoresCancellation,
    NamesShortestWait,
    NamesLateWait,
    WaitsByItsOwnTime,
    LooksAtFewWhenFull,
    ChargesBehindWhatItCounts,
    CapsWait,
    IgnoresCancelledRelease,
    ChargesOnLook,
    MakesCounterOnLook,
    AnswersLooksWithoutBound,
    ReleasesLooks,
}

/// <summary>A slow store on a list of charges that is right without a defect.</summary>
internal sealed class BrokenCounterStore(Defect defect, BrokenStorage storage, CounterStoreOpening opening) : ICounterStore
{
    private readonly int _maxCounters = opening.MaxCounters ?? int.MaxValue;
    private readonly int _maxPerGrant = opening.MaxCountersPerGrant ?? int.MaxValue;

    public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        if (defect != Defect.IgnoresCancellation)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (defect != Defect.ChecksThenAdds)
        {
            lock (storage)
            {
                return Check(request) ?? Charge(request);
            }
        }

        CounterReservation? refusal;
        lock (storage)
        {
            refusal = Check(request);
        }

        if (refusal is not null)
        {
            storage.Part();
            return refusal.Value;
        }

        await storage.MeetAsync();
        lock (storage)
        {
            return Charge(request);
        }
    }

    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        if (defect != Defect.IgnoresCancelledRelease)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        lock (storage)
        {
            var times = (long[])release.Reservation.State!;
            bool isIgnored = defect == Defect.IgnoresRelease
                || (release.Request.Mode == CounterRequestMode.Look && defect != Defect.ReleasesLooks);
            for (int i = 0; i < times.Length && !isIgnored; i++)
            {
                CounterDemand demand = release.Request[i];
                List<BrokenCharge> charges = storage.ChargesOf(KeyOf(demand.Key));
                long time = defect == Defect.ReleasesIntoNewWindow && charges.Count > 0 ? charges[^1].Time : times[i];
                int place = charges.FindIndex(c => c.Time == time && c.Amount == demand.AmountMillionths);
                if (defect is Defect.ReleasesIntoNewWindow or Defect.ReleasesBelowZero)
                {
                    charges.Add(new BrokenCharge(time, -demand.AmountMillionths));
                }
                else if (place >= 0)
                {
                    charges.RemoveAt(place);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private CounterReservation? Check(CounterRequest request)
    {
        var used = new long[request.Count];
        var waits = new List<long>();
        for (int i = 0; i < request.Count; i++)
        {
            CounterDemand demand = request[i];
            long now = TimeOf(demand.Key, request);
            used[i] = Used(demand.Key, now);
            if (!Fits(used[i], demand))
            {
                long from = defect == Defect.WaitsByItsOwnTime ? now : MillisecondsOf(request);
                long wait = demand.AmountMillionths > demand.MaxMillionths ? 0 : Moment(demand, now) - from;
                waits.Add(defect == Defect.CapsWait ? Math.Min(wait, CounterWindowLength.MaxSeconds * 1_000L) : wait);
            }
            else if (defect == Defect.ChargesPartially && request.Mode == CounterRequestMode.Charge)
            {
                storage.ChargesOf(KeyOf(demand.Key)).Add(new BrokenCharge(now, demand.AmountMillionths));
            }
        }

        if (waits.Count > 0)
        {
            TimeSpan wait = TimeSpan.FromMilliseconds(defect == Defect.NamesShortestWait ? waits.Min() : waits.Max());
            long[] said = defect == Defect.SaysWrongUse ? new long[used.Length] : used;
            return CounterReservation.Refused(said, waits.Contains(0) ? null : wait);
        }

        return Room(request);
    }

    private CounterReservation? Room(CounterRequest request)
    {
        if (request.Mode == CounterRequestMode.Look && defect == Defect.AnswersLooksWithoutBound)
        {
            return null;
        }

        int looks = defect == Defect.LooksAtFewWhenFull ? 100 : int.MaxValue;
        CounterKey[] asked = [.. Demands(request).Select(demand => KeyOf(demand.Key))];
        CounterKey[] expired = storage.Expired(MillisecondsOf(request), EndOf, looks);

        // A counter that the request revives needs its room as if it had never expired.
        HashSet<CounterKey> live = [.. storage.Charges.Keys.Except(expired), .. asked.Where(storage.Charges.ContainsKey)];
        if (request.Mode == CounterRequestMode.Charge)
        {
            storage.Drop(expired, EndOf, keepFloor: defect != Defect.ForgetsOnCleanUp);
        }

        for (int i = 0; i < request.Count; i++)
        {
            CounterKey key = asked[i];
            bool isNew = live.Add(key);
            bool isFull = live.Count > _maxCounters
                || (key.GrantId is not null && live.Count(k => k.GrantId == key.GrantId) > _maxPerGrant);
            if (isNew && isFull && defect == Defect.EvictsLiveCounters)
            {
                storage.Charges.Remove(storage.Charges.Keys.First());
            }
            else if (isNew && isFull)
            {
                return CounterReservation.AtCapacity(i);
            }
        }

        return null;
    }

    private CounterReservation Charge(CounterRequest request)
    {
        var times = new long[request.Count];
        for (int i = 0; i < request.Count; i++)
        {
            CounterDemand demand = request[i];
            times[i] = TimeOf(demand.Key, request);
            if (request.Mode == CounterRequestMode.Look && defect == Defect.MakesCounterOnLook)
            {
                storage.ChargesOf(KeyOf(demand.Key)).Add(new BrokenCharge(times[i], 0));
            }
            else if (defect != Defect.ChargesPartially && (request.Mode == CounterRequestMode.Charge || defect == Defect.ChargesOnLook))
            {
                storage.ChargesOf(KeyOf(demand.Key)).Add(new BrokenCharge(times[i], demand.AmountMillionths));
            }
        }

        return CounterReservation.Admitted(state: times);
    }

    private bool Fits(long used, CounterDemand demand) => defect switch
    {
        Defect.OffByOne => used <= demand.MaxMillionths && demand.AmountMillionths <= demand.MaxMillionths,
        Defect.CountsInFloats => (used / 1e6) + (demand.AmountMillionths / 1e6) <= demand.MaxMillionths / 1e6,
        _ => used <= demand.MaxMillionths - demand.AmountMillionths,
    };

    private long Used(CounterKey key, long now)
    {
        IEnumerable<BrokenCharge> charges = storage.Charges.GetValueOrDefault(KeyOf(key), []);
        BrokenCharge[] counted = [.. charges.Where(c => IsSeen(c, now) && now < EndOf(key, c.Time))];
        if (defect == Defect.CountsInFloats)
        {
            return (long)(counted.Aggregate(0.0, (sum, c) => sum + (c.Amount / 1e6)) * 1e6);
        }

        return counted.Sum(c => c.Amount);
    }

    private bool IsSeen(BrokenCharge charge, long now) => charge.Time <= now || defect == Defect.ChargesBehindWhatItCounts;

    /// <summary>The earliest moment at which a demand fits.</summary>
    private long Moment(CounterDemand demand, long now)
    {
        IEnumerable<long> ends = storage.Charges[KeyOf(demand.Key)].Select(c => EndOf(demand.Key, c.Time)).Where(end => end > now).Order();
        return ends.First(end => Fits(Used(demand.Key, end), demand)) + (defect == Defect.NamesLateWait ? 1 : 0);
    }

    private long EndOf(CounterKey key, long time)
    {
        long length = key.Definition.Window.Duration!.Value.Ticks / TimeSpan.TicksPerMillisecond;
        if (key.Definition.Algorithm == CounterAlgorithm.Sliding)
        {
            return time + length - (defect == Defect.SlidesTooShort ? 1 : 0);
        }

        long shift = defect == Defect.ShiftsWindows ? 1 : 0;
        return ((((time + shift) / length) + 1) * length) - shift;
    }

    private long TimeOf(CounterKey key, CounterRequest request)
    {
        long latest = storage.Charges.GetValueOrDefault(KeyOf(key), []).Select(c => c.Time).DefaultIfEmpty(storage.Floor).Max();
        bool followsClock = defect is Defect.FollowsClockBack or Defect.ChargesBehindWhatItCounts;
        return followsClock ? MillisecondsOf(request) : Math.Max(MillisecondsOf(request), latest);
    }

    private CounterKey KeyOf(CounterKey key) =>
        defect == Defect.MixesSessions && key.SessionId is not null ? new CounterKey(key.Definition, key.GrantId, "any") : key;

    private static List<CounterDemand> Demands(CounterRequest request)
    {
        var demands = new List<CounterDemand>();
        foreach (CounterDemand demand in request)
        {
            demands.Add(demand);
        }

        return demands;
    }

    private static long MillisecondsOf(CounterRequest request) => request.Time.ToUnixTimeMilliseconds();
}
