using PolicyLayer.Auditing.JsonLines;

namespace PolicyLayer.Auditing;

/// <summary>
/// Appends records to a log, a file of JSON Lines in which each line has the hash of the one before. Safe for any number of threads.
/// </summary>
/// <remarks>
/// <para>
/// <c>schema/audit.md</c> of the project has the form of a line. Lines are numbered from 1 in the order in which they stand, without a gap,
/// over all files of the log and over restarts. Records that wait at the same time are written together. A record has been handed to the
/// operating system when its task ends, and forced to the disk as <see cref="JsonLinesAuditSinkOptions.DiskSync"/> says. A write that fails
/// leaves nothing in the file; where what it left can't be taken back, or lines couldn't be forced to the disk, every later write fails
/// until that succeeds. A record may stand in the log though its caller gave up.
/// </para>
/// <para>
/// One sink writes a log at a time. Other programs may read it meanwhile; on Unix not those that ask for a lock first, as programs of .NET
/// do. What a process that died left of a line is cut off when the log is opened again, and a line of kind <c>recovery</c> tells of it.
/// </para>
/// <para>
/// With a signer (<see cref="JsonLinesAuditSinkOptions.Signer"/>) the sink also writes checkpoints, into <c>audit.checkpoints</c>: at each
/// interval, before a rotation and when it is disposed. Opened again, a log that is signed is read from its last checkpoint on, and from
/// its first line where there is none of the signer's key; lines that don't hold aren't signed.
/// </para>
/// <para>
/// Rotated, <c>audit.jsonl</c> becomes <c>audit.000001.jsonl</c>, the next time <c>audit.000002.jsonl</c>, and a new <c>audit.jsonl</c>
/// goes on. A rotation that fails lets the record fail, and is tried again with the next one.
/// </para>
/// </remarks>
public sealed class JsonLinesAuditSink : IAuditSink, IDisposable, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<PendingWrite> _waiting = new();
    private readonly LogWriter _writer;
    private readonly Alarm? _syncAlarm;
    private readonly Alarm? _checkpointAlarm;

    // One runner at a time uses the writer, and runs until there is nothing to do.
    private Task _runner = Task.CompletedTask;
    private bool _isRunning;
    private LogDuties _due;
    private Task? _closing;

    /// <summary>Appends to a log without keys, as <see cref="JsonLinesAuditSinkOptions"/> says by default.</summary>
    /// <param name="path">The file, which is made if it doesn't exist; a relative path starts from the current directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    /// <exception cref="AuditLogException">The file's end isn't a log's, or is a log's with keys; or it is a pipe or a device.</exception>
    /// <exception cref="IOException">The file can't be opened, or another sink writes it, in this process or another one.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened, or is a folder.</exception>
    public JsonLinesAuditSink(string path)
        : this(new JsonLinesAuditSinkOptions { Path = path })
    {
    }

    /// <summary>Appends to a log.</summary>
    /// <param name="options">The file, and how to write it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="AuditLogException">
    /// The file's end isn't a log's, was changed, or other keys stand behind it; it is a pipe or a device; the rotated file that it goes on
    /// behind can't be read; or it is to be rotated and no number is left. Or it is to be signed, and its checkpoints are another log's or
    /// were changed, or it isn't what they say.
    /// </exception>
    /// <exception cref="IOException">The file can't be opened, or another sink writes it, in this process or another one.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened, or is a folder.</exception>
    public JsonLinesAuditSink(JsonLinesAuditSinkOptions options)
        : this(options, files: null)
    {
    }

    internal JsonLinesAuditSink(JsonLinesAuditSinkOptions options, LogFiles? files)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _writer = new LogWriter(options, files ?? new LogFiles(options.Path));
        if (options.DiskSync == AuditDiskSync.EachInterval)
        {
            _syncAlarm = new Alarm(options.TimeProvider, options.SyncInterval, () => Request(LogDuties.Sync));
        }

        if (options.Signer is not null)
        {
            _checkpointAlarm = new Alarm(options.TimeProvider, options.CheckpointInterval, () => Request(LogDuties.Checkpoint));
            SetAlarms();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The record couldn't be written.</exception>
    /// <exception cref="ObjectDisposedException">The sink was disposed.</exception>
    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        var node = new LinkedListNode<PendingWrite>(new PendingWrite(record));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            _waiting.AddLast(node);
            Run();
        }

        using (cancellationToken.UnsafeRegister(static (write, token) => ((PendingWrite)write!).TrySetCanceled(token), node.Value))
        {
            try
            {
                await node.Value.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Forget(node);
                throw;
            }
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, but blocks the thread meanwhile.</summary>
    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => CloseAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Writes what waits, forces it to the disk unless that is never done, has it signed where there is a signer, and closes the log.
    /// </summary>
    /// <exception cref="IOException">
    /// Lines couldn't be forced to the disk, or the checkpoint not be written. The log is closed nevertheless.
    /// </exception>
    /// <exception cref="Exception">
    /// The signer failed, took too long (<see cref="TimeoutException"/>), or signed with another key. The log is closed nevertheless.
    /// </exception>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private Task CloseAsync()
    {
        lock (_lock)
        {
            Task runner = _runner;
            return _closing ??= Task.Run(() => CloseAfterAsync(runner));
        }
    }

    private async Task CloseAfterAsync(Task runner)
    {
        await runner.ConfigureAwait(false);
        _syncAlarm?.Dispose();
        _checkpointAlarm?.Dispose();
        await _writer.CloseAsync().ConfigureAwait(false);
    }

    private void Request(LogDuties duty)
    {
        lock (_lock)
        {
            if (_closing is null)
            {
                _due |= duty;
                Run();
            }
        }
    }

    // Under the lock.
    private void Run()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            _runner = Task.Run(RunToEndAsync);
        }
    }

    private async Task RunToEndAsync()
    {
        while (Take(out List<PendingWrite> writes, out LogDuties due))
        {
            await DoAsync(due).ConfigureAwait(false);
            await WriteAsync(writes).ConfigureAwait(false);
        }
    }

    private bool Take(out List<PendingWrite> writes, out LogDuties due)
    {
        lock (_lock)
        {
            writes = [.. _waiting];
            due = _due;
            _waiting.Clear();
            _due = LogDuties.None;
            return _isRunning = writes.Count > 0 || due != LogDuties.None;
        }
    }

    private async ValueTask WriteAsync(List<PendingWrite> writes)
    {
        int next = 0;
        while (next < writes.Count)
        {
            int first = next;
            try
            {
                await _writer.BeginAsync().ConfigureAwait(false);
                while (next < writes.Count && TryAdd(writes[next]))
                {
                    next++;
                }

                _writer.Commit();
                SetAlarms();
            }
            catch (Exception e)
            {
                // Whoever waits must hear of it, whatever it is.
                writes[first..].ForEach(write => write.TrySetException(e));
                return;
            }

            writes[first..next].ForEach(write => write.TrySetResult());
        }
    }

    private bool TryAdd(PendingWrite write)
    {
        if (write.Task.IsCompleted)
        {
            return true;
        }

        try
        {
            return _writer.TryAdd(write.Record);
        }
        catch (Exception e)
        {
            // A record that can't be written lets no other fail.
            write.TrySetException(e);
            return true;
        }
    }

    private async ValueTask DoAsync(LogDuties due)
    {
        try
        {
            if (due.HasFlag(LogDuties.Sync))
            {
                _writer.Sync();
            }

            if (due.HasFlag(LogDuties.Checkpoint))
            {
                await _writer.CheckpointAsync().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The writer remembers it, and lets the next write fail.
        }
    }

    private void SetAlarms()
    {
        if (_writer.IsSyncDue)
        {
            _syncAlarm?.Set();
        }

        if (_writer.IsCheckpointDue)
        {
            _checkpointAlarm?.Set();
        }
    }

    private void Forget(LinkedListNode<PendingWrite> node)
    {
        lock (_lock)
        {
            if (node.List is not null)
            {
                _waiting.Remove(node);
            }
        }
    }
}
