using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>One promise of a counter store, and a way to try it. May be run any number of times.</summary>
public sealed class CounterStoreCase
{
    private static long _lastStorage;

    private readonly CounterStoreHarness _harness;
    private readonly Func<CaseStores, Task> _run;

    internal CounterStoreCase(CounterStoreHarness harness, string name, string promise, Func<CaseStores, Task> run)
    {
        _harness = harness;
        Name = name;
        Promise = promise;
        _run = run;
    }

    /// <summary>A short name, the same in every version of the kit.</summary>
    public string Name { get; }

    /// <summary>What the store promises.</summary>
    public string Promise { get; }

    /// <summary>Tries the promise on a storage of its own.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CounterStoreConformanceException">The store broke the promise.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        string storage = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"case-{Environment.ProcessId}-{Interlocked.Increment(ref _lastStorage)}");
        var stores = new CaseStores(_harness, storage, cancellationToken);
        try
        {
            await _run(stores).ConfigureAwait(false);
        }
        catch (BrokenPromiseException e)
        {
            throw new CounterStoreConformanceException(Name, Promise, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CounterStoreConformanceException(Name, Promise, "The store threw.", e);
        }
        finally
        {
            await stores.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
