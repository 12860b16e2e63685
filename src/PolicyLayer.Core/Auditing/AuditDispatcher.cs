using System.Globalization;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Auditing;

/// <summary>Hands records to every sink, each of which has its time to take one.</summary>
internal sealed class AuditDispatcher(IReadOnlyList<IAuditSink> sinks, TimeSpan timeout, TimeProvider time, FaultReporter faults)
{
    /// <summary>What the authorizer's options call the sinks: audits know nothing of what stands above them.</summary>
    private const string Place = "AuditSinks";

    private readonly TimedSink[] _sinks =
        [.. sinks.Select((sink, index) => new TimedSink(sink, PlaceOf(index), timeout, time, faults))];

    /// <summary>What the options call the sinks whose last write failed.</summary>
    public IEnumerable<string> FailedPlaces => _sinks.Where(sink => sink.HasFailed).Select(sink => sink.Place);

    /// <summary>Writes an allow to one sink after another, as far as the first that fails. False when not every sink has it.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public ValueTask<bool> TryWriteAllowAsync(AuditRecord record, CancellationToken cancellationToken) =>
        _sinks is [TimedSink only] && !cancellationToken.IsCancellationRequested
            ? only.TryWriteAsync(record, cancellationToken)
            : TryWriteToAllAsync(record, cancellationToken);

    /// <summary>Writes what nothing can be done about to all sinks at once, whether or not another fails. It never throws.</summary>
    public ValueTask WriteAsync(AuditRecord record)
    {
        List<Task>? pending = null;
        foreach (TimedSink sink in _sinks)
        {
            ValueTask<bool> written = sink.TryWriteAsync(record, CancellationToken.None);
            if (!written.IsCompleted)
            {
                (pending ??= []).Add(written.AsTask());
            }
        }

        return pending is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(pending));
    }

    private async ValueTask<bool> TryWriteToAllAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        foreach (TimedSink sink in _sinks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await sink.TryWriteAsync(record, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private static string PlaceOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{Place}[{index}]");
}
