namespace PolicyLayer.Testing;

/// <summary>One promise of a store, and a way to try it. May be run any number of times.</summary>
public sealed class ConformanceCase
{
    private static long _lastStorage;

    private readonly Func<string, CancellationToken, Task> _run;

    private ConformanceCase(string name, string promise, Func<string, CancellationToken, Task> run)
    {
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
    /// <exception cref="ConformanceException">The store broke the promise.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        string storage = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"case-{Environment.ProcessId}-{Interlocked.Increment(ref _lastStorage)}");
        try
        {
            await _run(storage, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenPromiseException e)
        {
            throw new ConformanceException(Name, Promise, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConformanceException(Name, Promise, "The store threw.", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A case over stores that it opens, which are closed after it.</summary>
    internal static ConformanceCase Over<TStores>(
        string name, string promise, Func<string, CancellationToken, TStores> open, Func<TStores, Task> run)
        where TStores : IAsyncDisposable => new(
            name,
            promise,
            async (storage, cancellationToken) =>
            {
                TStores stores = open(storage, cancellationToken);
                await using (stores.ConfigureAwait(false))
                {
                    await run(stores).ConfigureAwait(false);
                }
            });
}
