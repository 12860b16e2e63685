using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyLayer.Auditing;

/// <summary>Writes each record as one line of JSON. Safe for any number of threads; one record is written at a time.</summary>
/// <remarks>A record has been handed to the operating system when the task ends; it isn't forced to the disk.</remarks>
public sealed class JsonLinesAuditSink : IAuditSink, IAsyncDisposable
{
    // Lines are read by programs and people, never embedded in HTML.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _stream;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isTorn;

    /// <summary>Appends to a file, which is created if it doesn't exist.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    public JsonLinesAuditSink(string path)
        : this(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1))
    {
    }

    /// <summary>Writes to a stream, and disposes it with the sink.</summary>
    /// <param name="stream">A writable stream.</param>
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
    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Format(record);

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
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private void Format(AuditRecord record)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, WriterOptions))
        {
            Write(json, record);
        }

        _line.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, AuditRecord record)
    {
        json.WriteStartObject();
        json.WriteString("kind", record.Kind switch
        {
            AuditRecordKind.Decision => "decision",
            AuditRecordKind.Outcome => "outcome",
            _ => "correction",
        });
        json.WriteNumber("sequence", record.Sequence);
        json.WriteString("time", record.Time.ToUniversalTime());
        json.WriteString("decision_id", record.DecisionId);
        json.WriteString("grant", record.GrantId);
        WriteIfPresent(json, "session", record.SessionId);
        json.WriteString("tool", record.Tool);
        if (record.Risk != ToolRisk.Unspecified)
        {
            json.WriteString("risk", record.Risk.ToString().ToLowerInvariant());
        }

        json.WriteString("outcome", record.Outcome.ToOutcomeString());
        json.WriteString("code", record.Code.ToCodeString());
        WriteIfPresent(json, "rule", record.Rule.Length == 0 ? null : record.Rule);
        WriteIfPresent(json, "rule_name", record.RuleName);
        WriteIfPresent(json, "message", record.Message);
        json.WriteString("policy", record.PolicyName);
        json.WriteString("revision", record.PolicyRevision);
        WriteIfPresent(json, "retry_after_ms", record.RetryAfter);
        WriteIfPresent(json, "status", record.CallOutcome switch
        {
            ToolCallOutcome.Succeeded => "succeeded",
            ToolCallOutcome.Failed => "failed",
            ToolCallOutcome.NotExecuted => "not_executed",
            _ => null,
        });
        WriteIfPresent(json, "duration_ms", record.Duration);
        json.WriteEndObject();
    }

    private static void WriteIfPresent(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteIfPresent(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } time)
        {
            json.WriteNumber(name, (long)Math.Ceiling(time.TotalMilliseconds));
        }
    }
}
