using System.Collections.Concurrent;

namespace PolicyLayer.Counters;

/// <summary>Keeps counters in the process's memory. Safe for any number of threads; nothing survives a restart.</summary>
public sealed class InMemoryCounterStore : ICounterStore
{
    private readonly ConcurrentDictionary<string, CounterBook> _books = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CounterBook book = _books.GetOrAdd(request.GrantId, static _ => new CounterBook());
        return new ValueTask<CounterReservation>(book.Reserve(request));
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_books.TryGetValue(release.Request.GrantId, out CounterBook? book))
        {
            book.Release(release);
        }

        return ValueTask.CompletedTask;
    }
}
