using System.Globalization;
using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>One random sequence. The clock moves both ways, mostly forward, and stands still for a store that has its own.</summary>
internal sealed class RandomRun(CaseStores stores, ulong seed)
{
    private const int MostToRelease = 200;
    private const int StepsBetweenPruning = 32;

    private readonly SeededRandom _random = new(seed);
    private readonly CounterModel _model = new();
    private readonly List<(CounterRequest Request, CounterReservation Reservation, IReadOnlyList<CounterCharge> Charges)> _admitted = [];
    private readonly RandomRequests _requests = new(stores.Has(CounterStoreCapabilities.RequestTime));
    private readonly RandomClock _clock = new(CaseStores.Start + (long)(seed % 100_000));
    private int _step;

    private long Now => _clock.Now;

    public async Task RunAsync(int steps)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        for (_step = 0; _step < steps; _step++)
        {
            if (stores.Has(CounterStoreCapabilities.RequestTime))
            {
                _clock.Advance(_random);
                if (_step % StepsBetweenPruning == 0)
                {
                    _model.Prune(_clock.Earliest);
                }
            }

            if (_admitted.Count > MostToRelease || (_admitted.Count > 0 && _random.Below(5) == 0))
            {
                int index = _random.Below(_admitted.Count);
                (CounterRequest request, CounterReservation reservation, IReadOnlyList<CounterCharge> charges) = _admitted[index];
                _admitted.RemoveAt(index);
                await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
                _model.Remove(charges);
            }
            else
            {
                await ReserveAsync(store, _requests.Next(_random, Now)).ConfigureAwait(false);
            }
        }
    }

    private async Task ReserveAsync(CaseStore store, CounterRequest request)
    {
        _model.See(Now);
        (bool must, bool may) = Fits(request);
        CounterReservation? look = _random.Below(2) == 0 ? await store.ReserveAsync(LookOf(request)).ConfigureAwait(false) : null;
        CounterReservation reservation = await store.ReserveAsync(request).ConfigureAwait(false);
        RequireSame(look ?? reservation, reservation, request.Count);
        if (reservation.Status == CounterReservationStatus.Admitted)
        {
            RequireHere(may, "A request was admitted that doesn't fit.");
            _admitted.Add((request, reservation, _model.Add(request)));
            return;
        }

        RequireHere(reservation.Status == CounterReservationStatus.Refused, $"A request was answered with {reservation.Status}.");
        RequireHere(!must, "A request was refused that fits.");
        for (int i = 0; i < request.Count; i++)
        {
            (long least, long most) = _model.Used(request[i].Key, Now);
            long used = reservation.GetUsedMillionths(i);
            RequireHere(
                used >= least && used <= most,
                string.Create(CultureInfo.InvariantCulture, $"A refusal says that a counter holds {used}, not {least} to {most}."));
        }

        if (stores.Has(CounterStoreCapabilities.RequestTime))
        {
            RequireWait(request, reservation);
        }
    }

    /// <summary>Whether a request must be admitted, and whether it may.</summary>
    private (bool Must, bool May) Fits(CounterRequest request)
    {
        bool must = true;
        bool may = true;
        for (int i = 0; i < request.Count; i++)
        {
            (long least, long most) = _model.Used(request[i].Key, Now);
            long room = request[i].MaxMillionths - request[i].AmountMillionths;
            may &= least <= room && most >= request[i].MinMillionths;
            must &= most <= room && least >= request[i].MinMillionths;
        }

        return (must, may);
    }

    private void RequireSame(CounterReservation look, CounterReservation charge, int count)
    {
        RequireHere(look.Status == charge.Status, $"A look was answered with {look.Status}, the charge after it with {charge.Status}.");
        bool isSame = !stores.Has(CounterStoreCapabilities.RequestTime) || look.RetryAfter == charge.RetryAfter;
        for (int i = 0; i < count; i++)
        {
            isSame &= look.GetUsedMillionths(i) == charge.GetUsedMillionths(i);
        }

        RequireHere(isSame, "A refused look says something else than the refused charge after it.");
    }

    /// <summary>
    /// At the moment named there may be room, and needn't be earlier; there is no moment if an amount exceeds its maximum, or if a counter
    /// holds less than the minimum by the refusal's own words.
    /// </summary>
    private void RequireWait(CounterRequest request, CounterReservation refusal)
    {
        long wait = WaitOf(refusal);
        bool canEverFit = true;
        bool mayFitThen = true;
        bool mustFitBefore = true;
        for (int i = 0; i < request.Count; i++)
        {
            long room = request[i].MaxMillionths - request[i].AmountMillionths;
            canEverFit &= room >= 0 && refusal.GetUsedMillionths(i) >= request[i].MinMillionths;

            // What of the recent kind is ahead of the clock counts when the time comes: what has room now may have none then.
            mayFitThen &= _model.Used(request[i].Key, Now).Most <= room || _model.Used(request[i].Key, Now + wait).Least <= room;
            mustFitBefore &= _model.Used(request[i].Key, Now + wait - 1).Most <= room;
        }

        RequireHere(
            canEverFit ? wait > 0 && mayFitThen && !mustFitBefore : wait == 0,
            string.Create(
                CultureInfo.InvariantCulture, $"A refusal names a wait of {wait} milliseconds, which isn't the earliest moment."));
    }

    private void RequireHere(bool holds, string otherwise) =>
        Require(holds, string.Create(CultureInfo.InvariantCulture, $"{otherwise} Seed {seed}, step {_step}."));
}
