using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Auditing;

/// <summary>
/// Puts a queue before another sink, so that no call waits for it and none is denied for its sake: for records that may be missed. Safe
/// for any number of threads.
/// </summary>
/// <remarks>
/// <para>
/// A sink is <em>required</em> as it is: an allow waits until the sink has its record, and becomes <c>audit_unavailable</c> when that
/// fails. In this queue it is <em>best effort</em>: a record is taken at once, or dropped when the queue is full, and a call goes on in
/// either case. What was dropped is counted (<see cref="Dropped"/>) and told as <see cref="FaultKind.AuditDropped"/>, the first at once,
/// then one a second at most.
/// </para>
/// <para>
/// Records reach the sink behind one by one, in the order in which they were taken. One that it fails to take in its time is lost to it
/// and told as <see cref="FaultKind.AuditWrite"/>; the next is handed over all the same.
/// </para>
/// <para>
/// Disposing takes no more records, waits until those in the queue are written, for <see cref="BestEffortAuditSinkOptions.FlushTimeout"/>
/// at most, and drops the rest; the one that is being written then counts as dropped, though the sink behind may still take it. The sink
/// behind isn't disposed: who made it disposes it, after this one.
/// </para>
/// </remarks>
public sealed class BestEffortAuditSink : IAuditSink, IAsyncDisposable, IDisposable
{
    private readonly Channel<AuditRecord> _queue;
    private readonly TimedSink _sink;
    private readonly BestEffortAuditSinkDrops _drops;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TimeSpan _flushTimeout;
    private readonly TimeProvider _time;
    private readonly Task _runner;
    private readonly Lazy<Task> _flush;

    private readonly Lock _taking = new();

    /// <summary>The record that the runner has; null where it has none, or its time is over.</summary>
    private AuditRecord? _inHand;

    private bool _isOver;

    /// <summary>Puts a queue before a sink.</summary>
    /// <param name="sink">The sink behind, which isn't disposed with this one.</param>
    /// <param name="options">How to queue; null for what stands by default.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sink"/> or the options' clock is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public BestEffortAuditSink(IAuditSink sink, BestEffortAuditSinkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        options ??= new BestEffortAuditSinkOptions();
        options.Validate();
        _time = options.TimeProvider;
        _flushTimeout = options.FlushTimeout;
        var faults = new FaultReporter(options.FaultListener);
        _sink = new TimedSink(sink, nameof(BestEffortAuditSink), options.Timeout, _time, faults);
        _drops = new BestEffortAuditSinkDrops(nameof(BestEffortAuditSink), _time, faults);
        _queue = Channel.CreateBounded<AuditRecord>(options.Capacity);
        _flush = new Lazy<Task>(FlushAsync);
        LiveInstruments.QueueLengths.Add(this, () => Pending);

        // What runs for every call belongs to none: not to the activity, say, in which the sink was made.
        using (ExecutionContext.SuppressFlow())
        {
            _runner = Task.Run(RunAsync);
        }
    }

    /// <summary>
    /// How many records were dropped: for want of room, because they came after disposal, or because that waited long enough.
    /// </summary>
    public long Dropped => _drops.Count;

    /// <summary>How many records wait, the one that is being written included.</summary>
    public int Pending => _queue.Reader.Count + (Volatile.Read(ref _inHand) is null ? 0 : 1);

    /// <summary>Takes or drops a record at once; nothing but null makes it fail.</summary>
    /// <param name="record">What happened.</param>
    /// <param name="cancellationToken">Not looked at: nothing is waited for.</param>
    /// <exception cref="ArgumentNullException"><paramref name="record"/> is null.</exception>
    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!_queue.Writer.TryWrite(record))
        {
            _drops.Add(record, _flush.IsValueCreated ? "The sink was disposed." : "The queue is full.");
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Writes what waits, as far as the time for it goes. It never throws.</summary>
    public ValueTask DisposeAsync() => new(_flush.Value);

    /// <summary>As <see cref="DisposeAsync"/>, but blocks the thread meanwhile.</summary>
    public void Dispose() => _flush.Value.GetAwaiter().GetResult();

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (TryTake(out AuditRecord? record))
            {
                await HandOverAsync(record).ConfigureAwait(false);
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out AuditRecord? record)
    {
        lock (_taking)
        {
            record = null;
            if (!_isOver && _queue.Reader.TryRead(out record))
            {
                _inHand = record;
            }

            return record is not null;
        }
    }

    private async ValueTask HandOverAsync(AuditRecord record)
    {
        try
        {
            await _sink.TryWriteAsync(record, _giveUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time is over, and the record was dropped.
        }

        Volatile.Write(ref _inHand, null);
    }

    private async Task FlushAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _runner.WaitAsync(_flushTimeout, _time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The time is over, or there is no clock to tell when it is. A sink that blocks its thread mustn't keep the host, so the
            // runner isn't waited for.
            foreach (AuditRecord record in TakeAll())
            {
                _drops.Add(record, "The sink behind didn't take it before the time to flush was over.");
            }

            _ = _giveUp.CancelAsync();
        }
    }

    /// <summary>
    /// Takes what waits and what is in hand. INVARIANT: the runner takes nothing afterwards, so that each is dropped here.
    /// </summary>
    private List<AuditRecord> TakeAll()
    {
        lock (_taking)
        {
            _isOver = true;
            List<AuditRecord> all = Interlocked.Exchange(ref _inHand, null) is { } inHand ? [inHand] : [];
            while (_queue.Reader.TryRead(out AuditRecord? record))
            {
                all.Add(record);
            }

            return all;
        }
    }
}
