using System.Globalization;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Auditing;

/// <summary>
/// Hands records to every sink, each of which has its time to take one. A sink that takes longer is told to stop and not waited for: what
/// it does with the record then, nobody knows.
/// </summary>
internal sealed class AuditDispatcher(IReadOnlyList<IAuditSink> sinks, TimeSpan timeout, TimeProvider time, FaultReporter faults)
{
    /// <summary>What the authorizer's options call the sinks: audits know nothing of what stands above them.</summary>
    private const string Place = "AuditSinks";

    private readonly IAuditSink[] _sinks = [.. sinks];

    /// <summary>Writes an allow to one sink after another, as far as the first that fails. False when not every sink has it.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<bool> TryWriteAllowAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _sinks.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await TryWriteAsync(i, record, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes what nothing can be done about to all sinks at once, whether or not another fails. It never throws.</summary>
    public ValueTask WriteAsync(AuditRecord record)
    {
        List<Task>? pending = null;
        for (int i = 0; i < _sinks.Length; i++)
        {
            ValueTask<bool> written = TryWriteAsync(i, record, CancellationToken.None);
            if (!written.IsCompleted)
            {
                (pending ??= []).Add(written.AsTask());
            }
        }

        return pending is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(pending));
    }

    /// <summary>Throws nothing but the host's cancellation.</summary>
    private async ValueTask<bool> TryWriteAsync(int index, AuditRecord record, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        Task? pending = null;
        try
        {
            ValueTask written = _sinks[index].WriteAsync(record, stop.Token);
            if (written.IsCompleted)
            {
                written.GetAwaiter().GetResult();
                return true;
            }

            pending = written.AsTask();
            await pending.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            bool isGivenUp = e is OperationCanceledException && cancellationToken.IsCancellationRequested;
            if (!isGivenUp)
            {
                faults.Tell(FaultKind.AuditWrite, PlaceOf(index), e, record.DecisionId);
            }

            if (pending is { IsCompleted: false })
            {
                _ = faults.TellLaterAsync(FaultKind.AuditWrite, PlaceOf(index), StopAsync(stop, pending), record.DecisionId);
            }

            if (isGivenUp)
            {
                throw;
            }

            return false;
        }
    }

    /// <summary>Callbacks of the sink's run elsewhere: they may hang as it does.</summary>
    private static async Task StopAsync(CancellationTokenSource stop, Task pending)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await pending.ConfigureAwait(false);
    }

    private static string PlaceOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{Place}[{index}]");
}
