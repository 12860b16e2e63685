using System.Runtime.CompilerServices;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>A slow store on a list of charges that is right without a defect.</summary>
internal sealed class BrokenCounterStore(Defect defect, BrokenStorage storage, CounterStoreOpening opening)
    : ICounterStore, ICounterInventory
{
    private readonly BrokenWindows _windows = new(defect);
    private readonly BrokenKeys _keys = new(defect);
    private readonly int _maxCounters = opening.MaxCounters ?? int.MaxValue;
    private readonly int _maxPerGrant = opening.MaxCountersPerGrant ?? int.MaxValue;

    private BrokenStandings Standings => new(defect, storage, Used);

    public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        if (defect != Defect.IgnoresCancellation)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (defect == Defect.ChargesSayItLater && request.WantsUsed)
        {
            return await ChargeThenSayAsync(request);
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
            long[] times = release.Reservation.State as long[] ?? [];
            bool isIgnored = defect == Defect.IgnoresRelease
                || (release.Request.Mode == CounterRequestMode.Look && defect != Defect.ReleasesLooks);
            for (int i = 0; i < times.Length && !isIgnored; i++)
            {
                CounterDemand demand = release.Request[defect == Defect.ReleasesToAnotherValue ? 0 : i];
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

    public async IAsyncEnumerable<CounterStatus> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        CounterStatus[] all;
        lock (storage)
        {
            all = [.. storage.Charges.Select(counter => StatusOf(counter.Key, counter.Value))];
        }

        foreach (CounterStatus status in all)
        {
            if (status.UsedMillionths > 0 || defect == Defect.ListsEmptyCounters)
            {
                yield return status;
            }
        }
    }

    public ValueTask<bool> ResetAsync(CounterKey key, CancellationToken cancellationToken = default)
    {
        lock (storage)
        {
            bool held = storage.Charges.TryGetValue(key, out List<BrokenCharge>? charges) && charges.Any(charge => charge.Amount > 0);
            if (held && defect != Defect.ResetsNothing)
            {
                // A moment later, so that what is charged from now on differs in time.
                long time = charges!.Max(charge => charge.Time) + (defect == Defect.ReleasesOverResets ? 0 : 1);
                charges!.Clear();
                charges.Add(new BrokenCharge(time, 0));
            }

            if (held && defect == Defect.ResetsAll)
            {
                storage.Charges.Clear();
            }

            return new(held);
        }
    }

    private CounterStatus StatusOf(CounterKey key, List<BrokenCharge> charges)
    {
        long latest = charges.Select(charge => charge.Time).DefaultIfEmpty(storage.Floor).Max();
        long used = Used(key, latest);
        long end = charges.Select(charge => _windows.EndOf(key.Definition, charge.Time)).DefaultIfEmpty(latest).Max()
            + (defect == Defect.ListsWrongEnd ? 86_400_000 : 0);
        return new(key, used + (defect == Defect.ListsWrongUse ? 1 : 0), DateTimeOffset.FromUnixTimeMilliseconds(end));
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
            if (!HoldsMinimum(used[i], demand))
            {
                waits.Add(defect == Defect.NamesWaitForMinimum ? 1 : 0);
            }

            bool waitsAnyway = defect == Defect.WaitsForAllDemands && waits.Count > 0;
            if (!HasRoom(used[i], demand) || waitsAnyway)
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
            bool saysWrong = defect == Defect.SaysWrongUse
                || (defect == Defect.RefusedLooksSayNothing && request.Mode == CounterRequestMode.Look);
            long[] said = saysWrong ? new long[used.Length] : used;
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
        int drops = defect == Defect.DropsFewWhenFull ? 32 : int.MaxValue;
        CounterKey[] expired = [.. storage.Expired(MillisecondsOf(request), EndOf, looks).Where(MayDrop).Take(drops)];
        CounterKey?[] asked = [.. Demands(request).Select(demand => NeedsCounter(demand) ? KeyOf(demand.Key) : (CounterKey?)null)];
        Dictionary<CounterKey, string?> live = storage.Charges.Keys.Except(expired).ToDictionary(key => key, storage.HolderOf);
        foreach (CounterKey? key in asked)
        {
            // A counter that the request revives needs its room as if it had never expired, unless it is another grant's.
            if (key is { } revived && expired.Contains(revived) && (revived.GrantId is not null || !revived.Definition.IsPartitioned))
            {
                live[revived] = storage.HolderOf(revived);
            }
        }

        if (request.Mode == CounterRequestMode.Charge)
        {
            storage.Drop(expired, EndOf, keepFloor: defect != Defect.ForgetsOnCleanUp, keepHolders: defect == Defect.KeepsFirstMaker);
        }

        for (int i = 0; i < request.Count; i++)
        {
            if (asked[i] is not { } key)
            {
                continue;
            }

            string? holder = HolderOf(key, request);
            bool isNew = live.TryAdd(key, holder);
            bool isFull = live.Count > _maxCounters || (holder is not null && live.Values.Count(each => each == holder) > _maxPerGrant);
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

    private bool MayDrop(CounterKey key) => defect != Defect.KeepsExpiredValues || !key.Definition.IsPartitioned;

    private bool NeedsCounter(CounterDemand demand) => demand.AmountMillionths > 0 || defect == Defect.MakesCounterForZero;

    private string? HolderOf(CounterKey key, CounterRequest request)
    {
        if (key.GrantId is not null || !key.Definition.IsPartitioned)
        {
            return key.GrantId;
        }

        return defect switch
        {
            Defect.CountsSharedValuesForNobody => null,
            Defect.KeepsFirstMaker => storage.HolderOf(key) ?? request.GrantId,
            _ => request.GrantId,
        };
    }

    private CounterReservation Charge(CounterRequest request)
    {
        var times = new long[request.Count];
        for (int i = 0; i < request.Count; i++)
        {
            CounterDemand demand = request[i];
            times[i] = TimeOf(demand.Key, request);
            if (request.Mode == CounterRequestMode.Charge && NeedsCounter(demand))
            {
                storage.Hold(
                    KeyOf(demand.Key), HolderOf(KeyOf(demand.Key), request), isNew: defect != Defect.CountsSharedValuesForTheirUser);
            }

            if (request.Mode == CounterRequestMode.Look && defect == Defect.MakesCounterOnLook)
            {
                storage.ChargesOf(KeyOf(demand.Key)).Add(new BrokenCharge(times[i], 0));
            }
            else if (defect != Defect.ChargesPartially
                && NeedsCounter(demand)
                && (request.Mode == CounterRequestMode.Charge || defect == Defect.ChargesOnLook))
            {
                List<BrokenCharge> charges = storage.ChargesOf(KeyOf(demand.Key));
                charges.RemoveAll(charge => _windows.IsForgottenBy(demand.Key.Definition, charge.Time, times[i]));
                charges.Add(new BrokenCharge(times[i], demand.AmountMillionths));
            }
        }

        if (request.Mode == CounterRequestMode.Charge && request.WantsUsed)
        {
            return Standings.Charged(Demands(request), times);
        }

        bool saysNothing = request.Mode == CounterRequestMode.Charge || defect is Defect.ReleasesLooks or Defect.LooksSayNothing;
        return saysNothing ? CounterReservation.Admitted(state: times) : Standings.Looked(Demands(request), times);
    }

    /// <summary>Others charge before it looks what it left.</summary>
    private async Task<CounterReservation> ChargeThenSayAsync(CounterRequest request)
    {
        CounterReservation answer;
        lock (storage)
        {
            answer = Check(request) ?? Charge(request);
        }

        if (answer.Status != CounterReservationStatus.Admitted)
        {
            storage.Part();
            return answer;
        }

        await storage.MeetAsync();
        lock (storage)
        {
            return Standings.Charged(Demands(request), (long[])answer.State!);
        }
    }

    private bool HoldsMinimum(long used, CounterDemand demand) => defect switch
    {
        Defect.IgnoresMinimum => true,
        Defect.ChecksMinimumAfterTheCharge => used + demand.AmountMillionths >= demand.MinMillionths,
        _ => used >= demand.MinMillionths,
    };

    private bool HasRoom(long used, CounterDemand demand) => defect switch
    {
        Defect.OffByOne => used <= demand.MaxMillionths && demand.AmountMillionths <= demand.MaxMillionths,
        Defect.CountsInFloats => (used / 1e6) + (demand.AmountMillionths / 1e6) <= demand.MaxMillionths / 1e6,
        _ => used <= demand.MaxMillionths - demand.AmountMillionths,
    };

    private long Used(CounterKey key, long now)
    {
        IEnumerable<BrokenCharge> charges = storage.Charges.GetValueOrDefault(KeyOf(key), []);
        BrokenCharge[] counted = [.. charges.Where(c => IsSeen(key, c, now) && now < EndOf(key, c.Time))];
        if (defect == Defect.CountsInFloats)
        {
            return (long)(counted.Aggregate(0.0, (sum, c) => sum + (c.Amount / 1e6)) * 1e6);
        }

        return counted.Sum(c => c.Amount);
    }

    private bool IsSeen(CounterKey key, BrokenCharge charge, long now) =>
        charge.Time <= now + _windows.ToleranceOf(key.Definition) || defect == Defect.ChargesBehindWhatItCounts;

    /// <summary>The earliest moment at which a demand fits.</summary>
    private long Moment(CounterDemand demand, long now)
    {
        IEnumerable<long> ends = storage.Charges[KeyOf(demand.Key)].Select(c => EndOf(demand.Key, c.Time)).Where(end => end > now).Order();
        return ends.First(end => HasRoom(Used(demand.Key, end), demand)) + (defect == Defect.NamesLateWait ? 1 : 0);
    }

    private long EndOf(CounterKey key, long time) => _windows.EndOf(key.Definition, time);

    private long TimeOf(CounterKey key, CounterRequest request)
    {
        List<BrokenCharge> charges = storage.Charges.GetValueOrDefault(KeyOf(key), []);
        long latest = charges.Select(c => c.Time).DefaultIfEmpty(storage.Floor).Max();
        if (key.Definition.Algorithm == CounterAlgorithm.Recent && !KeepsRecent(charges))
        {
            return TimeOfRecent(key, request, charges);
        }

        bool followsClock = defect is Defect.FollowsClockBack or Defect.ChargesBehindWhatItCounts;
        return followsClock ? MillisecondsOf(request) : Math.Max(MillisecondsOf(request), latest);
    }

    private bool KeepsRecent(List<BrokenCharge> charges) => defect switch
    {
        Defect.KeepsRecentAtTheLatestTime => true,
        Defect.BeginsRecentAtTheFloor => charges.Count == 0,
        _ => false,
    };

    /// <summary>The request's, or a moment after the reset.</summary>
    private long TimeOfRecent(CounterKey key, CounterRequest request, List<BrokenCharge> charges)
    {
        long time = defect == Defect.ChargesRecentWithOthers
            ? Demands(request).SelectMany(demand => storage.Charges.GetValueOrDefault(demand.Key, []))
                .Select(charge => charge.Time).Append(MillisecondsOf(request)).Max()
            : MillisecondsOf(request);
        return charges.Where(charge => charge.Amount == 0 && charge.Time <= time + _windows.ToleranceOf(key.Definition))
            .Select(charge => charge.Time).Append(time).Max();
    }

    private CounterKey KeyOf(CounterKey key) => _keys.KeyOf(key);

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
