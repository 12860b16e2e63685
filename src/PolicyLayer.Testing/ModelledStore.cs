using System.Globalization;
using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>A store whose every answer is compared with the model's.</summary>
/// <param name="store">The store.</param>
/// <param name="isByRequests">Whether it lives by the requests' times; else it is asked at one of them only.</param>
internal sealed class ModelledStore(CaseStore store, bool isByRequests)
{
    private readonly CounterModel _model = new();

    /// <summary>Charges a request, or null if it was refused.</summary>
    public async Task<ModelledCharge?> ReserveAsync(CounterRequest request, bool looksBefore = false)
    {
        _model.See(TimeOf(request));
        (bool must, bool may) = Fits(request);
        CounterReservation? look = looksBefore ? await store.ReserveAsync(LookOf(request)).ConfigureAwait(false) : null;
        if (look is { } standing)
        {
            RequireUsed(request, standing, "look");
        }

        CounterReservation reservation = await store.ReserveAsync(request).ConfigureAwait(false);
        RequireSame(look ?? reservation, reservation, request.Count);
        if (reservation.Status == CounterReservationStatus.Admitted)
        {
            Require(may, "A request was admitted that doesn't fit.");
            var charge = new ModelledCharge(request, reservation, _model.Add(request));
            if (reservation.SaysUsed)
            {
                RequireUsed(request, reservation, "charge");
            }

            return charge;
        }

        Require(reservation.Status == CounterReservationStatus.Refused, $"A request was answered with {reservation.Status}.");
        Require(!must, "A request was refused that fits.");
        RequireUsed(request, reservation, "refusal");
        if (isByRequests)
        {
            RequireWait(request, reservation);
        }

        return null;
    }

    public async Task ReleaseAsync(ModelledCharge charge)
    {
        await store.ReleaseAsync(charge.Request, charge.Reservation).ConfigureAwait(false);
        _model.Remove(charge.Charges);
    }

    /// <inheritdoc cref="CounterModel.Prune"/>
    public void Prune(long earliest) => _model.Prune(earliest);

    private static long TimeOf(CounterRequest request) => request.Time.ToUnixTimeMilliseconds();

    private static long RoomOf(CounterDemand demand) => demand.MaxMillionths - demand.AmountMillionths;

    /// <summary>Whether a request must be admitted, and whether it may.</summary>
    private (bool Must, bool May) Fits(CounterRequest request)
    {
        bool must = true;
        bool may = true;
        foreach (CounterDemand demand in request)
        {
            (long least, long most) = _model.Used(demand.Key, TimeOf(request));
            may &= least <= RoomOf(demand) && most >= demand.MinMillionths;
            must &= most <= RoomOf(demand) && least >= demand.MinMillionths;
        }

        return (must, may);
    }

    private void RequireSame(CounterReservation look, CounterReservation charge, int count)
    {
        Require(look.Status == charge.Status, $"A look was answered with {look.Status}, the charge after it with {charge.Status}.");
        bool isSame = !isByRequests || look.RetryAfter == charge.RetryAfter;
        for (int i = 0; i < count && charge.Status == CounterReservationStatus.Refused; i++)
        {
            isSame &= look.GetUsedMillionths(i) == charge.GetUsedMillionths(i);
        }

        Require(isSame, "A refused look says something else than the refused charge after it.");
    }

    private void RequireUsed(CounterRequest request, CounterReservation answer, string what)
    {
        for (int i = 0; i < request.Count; i++)
        {
            (long least, long most) = _model.Used(request[i].Key, TimeOf(request));
            long used = answer.GetUsedMillionths(i);
            Require(
                used >= least && used <= most,
                string.Create(CultureInfo.InvariantCulture, $"A {what} says that a counter holds {used}, not {least} to {most}."));
        }
    }

    /// <summary>
    /// At the moment named there may be room for all that refuse, and needn't be earlier; there is no moment if an amount exceeds its
    /// maximum, or if a counter holds less than the minimum. Who refuses, the refusal's own words say, where the model leaves a choice:
    /// what of the recent kind is ahead of the clock counts when the time comes, so that what has room now may have none then.
    /// </summary>
    private void RequireWait(CounterRequest request, CounterReservation refusal)
    {
        long now = TimeOf(request);
        long wait = WaitOf(refusal);
        bool canEverFit = true;
        bool mayFitThen = true;
        bool mustFitBefore = true;
        for (int i = 0; i < request.Count; i++)
        {
            CounterDemand demand = request[i];
            long room = RoomOf(demand);
            long used = refusal.GetUsedMillionths(i);
            canEverFit &= room >= 0 && used >= demand.MinMillionths;
            mayFitThen &= used <= room || _model.Used(demand.Key, now + wait).Least <= room;
            mustFitBefore &= used <= room || _model.Used(demand.Key, now + wait - 1).Most <= room;
        }

        Require(
            canEverFit ? wait > 0 && mayFitThen && !mustFitBefore : wait == 0,
            string.Create(
                CultureInfo.InvariantCulture, $"A refusal names a wait of {wait} milliseconds, which isn't the earliest moment."));
    }
}

/// <summary>What was charged, to the store and in the model.</summary>
internal readonly record struct ModelledCharge(
    CounterRequest Request, CounterReservation Reservation, IReadOnlyList<CounterCharge> Charges);
