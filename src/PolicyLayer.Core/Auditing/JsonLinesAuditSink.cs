using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyLayer.Auditing;

/// <summary>Writes each record as one line of JSON. Safe for any number of threads; one record is written at a time.</summary>
/// <remarks>
/// A record has been handed to the operating system when the task ends; it isn't forced to the disk. Where a write broke off in the middle
/// of a line, the next record begins a new one. Disposing waits for the record that is being written. Records are numbered from 1 by each
/// sink anew, in the order of their lines; a record whose write failed leaves its number out.
/// </remarks>
public sealed class JsonLinesAuditSink : IAuditSink, IDisposable, IAsyncDisposable
{
    // Lines are read by programs and people, never embedded in HTML.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // On Unix only `None` keeps a second writer away, and only .NET readers with it.
    private static readonly FileShare Sharing = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    private readonly Stream _stream;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _sequence;
    private bool _isTorn;
    private bool _isDisposed;

    /// <summary>
    /// Appends to a file, which is created if it doesn't exist. One sink writes a file at a time. Other programs may read it meanwhile; on
    /// Unix not those that ask for a lock first, as programs of .NET do.
    /// </summary>
    /// <param name="path">The file; a relative path starts from the current directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    /// <exception cref="IOException">The file can't be opened, or another sink writes it, in this process or another one.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened, or is a folder.</exception>
    public JsonLinesAuditSink(string path)
        : this(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing, bufferSize: 0))
    {
        // A process that died in the middle of a line must not swallow the next record.
        if (_stream.CanSeek && _stream.Length > 0)
        {
            _stream.Seek(-1, SeekOrigin.End);
            _isTorn = _stream.ReadByte() != '\n';
        }
    }

    /// <summary>Writes to a stream, and disposes it with the sink.</summary>
    /// <param name="stream">A writable stream, written from where it stands.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream can't be written.</exception>
    public JsonLinesAuditSink(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite)
        {
            throw new ArgumentException("The stream can't be written.", nameof(stream));
        }

        _stream = stream;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The line couldn't be written, or not all of it.</exception>
    /// <exception cref="ObjectDisposedException">The sink was disposed.</exception>
    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // A write that fails may have reached the file: its number is never given again.
            Format(record, ++_sequence);

            // Half a line may stand in the file from here on, so only the end of the write clears the mark.
            bool wasTorn = _isTorn;
            _isTorn = true;
            if (wasTorn)
            {
                await _stream.WriteAsync("\n"u8.ToArray(), CancellationToken.None).ConfigureAwait(false);
            }

            await _stream.WriteAsync(_line.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
            await _stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            _isTorn = false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isDisposed = true;
        _stream.Dispose();
        _turn.Release();
    }

    /// <summary>Closes the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        await _stream.DisposeAsync().ConfigureAwait(false);
        _turn.Release();
    }

    private void Format(AuditRecord record, long sequence)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, WriterOptions))
        {
            Write(json, record, sequence);
        }

        _line.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, AuditRecord record, long sequence)
    {
        json.WriteStartObject();
        json.WriteString("kind", record.Kind switch
        {
            AuditRecordKind.Decision => "decision",
            AuditRecordKind.Completion => "completion",
            _ => "correction",
        });
        json.WriteNumber("sequence", sequence);
        if (record.Time is { } time)
        {
            json.WriteString("time", time.ToUniversalTime());
        }

        json.WriteString("decision_id", record.DecisionId);
        json.WriteString("grant", record.GrantId);
        WriteIfPresent(json, "session", record.SessionId);
        json.WriteString("tool", record.Tool);
        if (record.Risk != ToolRisk.Unspecified)
        {
            json.WriteString("risk", record.Risk.ToWireString());
        }

        json.WriteString("outcome", record.DecisionOutcome.ToWireString());
        json.WriteString("code", record.Code.ToWireString());
        WriteIfPresent(json, "rule", record.Rule.Length == 0 ? null : record.Rule);
        WriteIfPresent(json, "rule_name", record.RuleName);
        WriteIfPresent(json, "message", record.Message);
        json.WriteString("policy", record.PolicyName);
        json.WriteString("revision", record.PolicyRevision);
        WriteArguments(json, record);
        WriteCounters(json, record.Counters);
        if (record.RetryAfter is { } retryAfter)
        {
            json.WriteNumber("retry_after_ms", (long)Math.Ceiling(retryAfter.TotalMilliseconds));
        }

        WriteIfPresent(json, "status", record.CallOutcome?.ToWireString());
        if (record.Duration is { } duration)
        {
            json.WriteNumber("duration_ms", (decimal)(duration.Ticks / TimeSpan.TicksPerMicrosecond) / 1_000);
        }

        json.WriteEndObject();
    }

    private static void WriteArguments(Utf8JsonWriter json, AuditRecord record)
    {
        if (record.ArgumentNames.Count > 0)
        {
            json.WriteStartArray("argument_names");
            foreach (string name in record.ArgumentNames)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        if (record.ArgumentBytes is { } bytes)
        {
            json.WriteNumber("argument_bytes", bytes);
        }
    }

    private static void WriteCounters(Utf8JsonWriter json, IReadOnlyList<AuditCounter> counters)
    {
        if (counters.Count == 0)
        {
            return;
        }

        json.WriteStartArray("counters");
        foreach (AuditCounter counter in counters)
        {
            json.WriteStartObject();
            json.WriteString("name", counter.Name);
            if (counter.Used is { } used)
            {
                json.WriteNumber("used", used);
            }

            json.WriteNumber("max", counter.Max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIfPresent(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
