using System.Globalization;
using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>One random sequence. The clock moves both ways, mostly forward, and stands still for a store that has its own.</summary>
internal sealed class RandomRun(CaseStores stores, ulong seed)
{
    private const int MostToRelease = 200;
    private const int StepsBetweenPruning = 32;

    private readonly bool _isByRequests = stores.Has(CounterStoreCapabilities.RequestTime);
    private readonly SeededRandom _random = new(seed);
    private readonly List<ModelledCharge> _admitted = [];
    private readonly RandomRequests _requests = new(stores.Has(CounterStoreCapabilities.RequestTime));
    private readonly RandomClock _clock = new(CaseStores.Start + (long)(seed % 100_000));

    public async Task RunAsync(int steps)
    {
        var store = new ModelledStore(await stores.OpenAsync().ConfigureAwait(false), _isByRequests);
        for (int step = 0; step < steps; step++)
        {
            try
            {
                await StepAsync(store, step).ConfigureAwait(false);
            }
            catch (BrokenPromiseException e)
            {
                throw new BrokenPromiseException(
                    string.Create(CultureInfo.InvariantCulture, $"{e.Message} Seed {seed}, step {step}."));
            }
        }
    }

    private async Task StepAsync(ModelledStore store, int step)
    {
        if (_isByRequests)
        {
            _clock.Advance(_random);
            if (step % StepsBetweenPruning == 0)
            {
                store.Prune(_clock.Earliest);
            }
        }

        if (_admitted.Count > MostToRelease || (_admitted.Count > 0 && _random.Below(5) == 0))
        {
            int index = _random.Below(_admitted.Count);
            ModelledCharge charge = _admitted[index];
            _admitted.RemoveAt(index);
            await store.ReleaseAsync(charge).ConfigureAwait(false);
            return;
        }

        CounterRequest request = _requests.Next(_random, _clock.Now) with { WantsUsed = step % 2 == 0 };
        bool looksBefore = _random.Below(2) == 0;
        if (await store.ReserveAsync(request, looksBefore).ConfigureAwait(false) is { } admitted)
        {
            _admitted.Add(admitted);
        }
    }
}
