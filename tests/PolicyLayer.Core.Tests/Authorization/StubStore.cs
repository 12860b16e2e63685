using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A store that does what a test says.</summary>
internal sealed class StubStore : ICounterStore
{
    public Func<CancellationToken, ValueTask<CounterReservation>> Reserve { get; set; } = _ => new(CounterReservation.Admitted());

    public Func<CounterRelease, ValueTask> Release { get; set; } = _ => ValueTask.CompletedTask;

    /// <summary>How many releases were begun.</summary>
    public int Released { get; private set; }

    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
        Reserve(cancellationToken);

    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        Released++;
        return Release(release);
    }
}
