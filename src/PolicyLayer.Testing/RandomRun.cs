using System.Globalization;
using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;

namespace PolicyLayer.Testing;

/// <summary>One random sequence. The clock moves both ways, mostly forward, and stands still for a store that has its own.</summary>
internal sealed class RandomRun(CaseStores stores, ulong seed)
{
    private const long Unit = CounterDemand.Unit;
    private const int MostToRelease = 200;
    private const long LongestStepBack = 90_000;

    private readonly SeededRandom _random = new(seed);
    private readonly CounterModel _model = new();
    private readonly List<(CounterRequest Request, CounterReservation Reservation, IReadOnlyList<CounterCharge> Charges)> _admitted = [];
    private readonly CounterDefinition[] _definitions = Definitions(stores.Has(CounterStoreCapabilities.RequestTime));
    private long _now = CaseStores.Start + (long)(seed % 100_000);
    private long _latest;
    private int _step;

    public async Task RunAsync(int steps)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        for (_step = 0; _step < steps; _step++)
        {
            if (stores.Has(CounterStoreCapabilities.RequestTime))
            {
                Advance();
                _model.Prune(_latest - LongestStepBack);
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
                await ReserveAsync(store, RandomRequest()).ConfigureAwait(false);
            }
        }
    }

    private static CounterDefinition[] Definitions(bool canExpire)
    {
        int Seconds(int seconds) => canExpire ? seconds : CounterWindowLength.MaxSeconds - seconds;
        return
        [
            Definition("a", CounterScope.Grant, Seconds(1)),
            Definition("b", CounterScope.Session, Seconds(60)),
            Definition("c", CounterScope.Policy, Seconds(7)),
            Definition("d", CounterScope.Grant, Seconds(1), CounterAlgorithm.Sliding),
            Definition("e", CounterScope.Session, Seconds(7), CounterAlgorithm.Sliding),
            Definition("f", CounterScope.Policy, Seconds(60), CounterAlgorithm.Sliding),
        ];
    }

    private async Task ReserveAsync(CaseStore store, CounterRequest request)
    {
        bool mustFit = true;
        bool mayFit = true;
        _model.See(_now);
        for (int i = 0; i < request.Count; i++)
        {
            (long least, long most) = _model.Used(request[i].Key, _now);
            long room = request[i].MaxMillionths - request[i].AmountMillionths;
            mayFit &= least <= room;
            mustFit &= most <= room;
        }

        CounterReservation? look = _random.Below(2) == 0 ? await store.ReserveAsync(LookOf(request)).ConfigureAwait(false) : null;
        CounterReservation reservation = await store.ReserveAsync(request).ConfigureAwait(false);
        RequireSame(look ?? reservation, reservation, request.Count);
        if (reservation.Status == CounterReservationStatus.Admitted)
        {
            RequireHere(mayFit, "A request was admitted that doesn't fit.");
            _admitted.Add((request, reservation, _model.Add(request)));
            return;
        }

        RequireHere(reservation.Status == CounterReservationStatus.Refused, $"A request was answered with {reservation.Status}.");
        RequireHere(!mustFit, "A request was refused that fits.");
        for (int i = 0; i < request.Count; i++)
        {
            (long least, long most) = _model.Used(request[i].Key, _now);
            long used = reservation.GetUsedMillionths(i);
            RequireHere(
                used >= least && used <= most,
                string.Create(CultureInfo.InvariantCulture, $"A refusal says that a counter holds {used}, not {least} to {most}."));
        }

        if (stores.Has(CounterStoreCapabilities.RequestTime))
        {
            RequireWait(request, WaitOf(reservation));
        }
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

    /// <summary>The request may fit at the moment named, and needn't fit earlier.</summary>
    private void RequireWait(CounterRequest request, long wait)
    {
        bool canEverFit = true;
        bool mayFitThen = true;
        bool mustFitBefore = true;
        for (int i = 0; i < request.Count; i++)
        {
            long room = request[i].MaxMillionths - request[i].AmountMillionths;
            canEverFit &= room >= 0;
            mayFitThen &= _model.Used(request[i].Key, _now + wait).Least <= room;
            mustFitBefore &= _model.Used(request[i].Key, _now + wait - 1).Most <= room;
        }

        RequireHere(
            canEverFit ? wait > 0 && mayFitThen && !mustFitBefore : wait == 0,
            string.Create(
                CultureInfo.InvariantCulture, $"A refusal names a wait of {wait} milliseconds, which isn't the earliest moment."));
    }

    private CounterRequest RandomRequest()
    {
        int count = 1 + _random.Below(3);
        int first = _random.Below(_definitions.Length);
        var limits = new CaseLimit[count];
        var amounts = new long[count];
        for (int i = 0; i < count; i++)
        {
            limits[i] = new CaseLimit(_definitions[(first + (i * 2)) % _definitions.Length], (3 * Unit) + _random.Below(3 * Unit));
            amounts[i] = _random.Below(8) switch
            {
                0 => 0,
                1 => 1,
                2 => _random.Below(4 * Unit),
                3 => 7 * Unit,
                _ => Unit,
            };
        }

        string grant = _random.Below(2) == 0 ? "g" : "h";
        string session = _random.Below(2) == 0 ? "s" : "t";
        return Request(limits, amounts, grant, session, _now);
    }

    /// <summary>Behind, the clock soon comes back to the latest time that it has shown: there the model knows the answers.</summary>
    private void Advance()
    {
        _latest = Math.Max(_latest, _now);
        if (_now < _latest && _random.Below(4) == 0)
        {
            _now = _latest;
        }
        else if (_random.Below(16) == 0)
        {
            _now = Math.Max(_now - _random.Below(_random.Below(2) == 0 ? 500L : LongestStepBack), _latest - LongestStepBack);
        }
        else
        {
            _now += Step();
        }
    }

    private long Step() => _random.Below(8) switch
    {
        0 or 1 or 2 => 0,
        3 => 1,
        4 => _random.Below(40L),
        5 => _random.Below(1_200L),
        6 => 999 - (_now % 1_000),
        _ => _random.Below(20) == 0 ? _random.Below(70_000L) : _random.Below(3_000L),
    };

    private void RequireHere(bool holds, string otherwise) =>
        Require(holds, string.Create(CultureInfo.InvariantCulture, $"{otherwise} Seed {seed}, step {_step}."));
}
