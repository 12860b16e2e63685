using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing.Chain;
using PolicyLayer.Text;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>Writes a record as a line of a log, never longer than a line may be: what is too long is shortened, and marked.</summary>
internal static class AuditRecordJson
{
    // Lines are read by programs and people, never embedded in HTML.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line that follows, without its end.</summary>
    /// <returns>The line's hash as text.</returns>
    public static byte[] Write(ArrayBufferWriter<byte> line, LogHead head, LineHash hash, AuditRecord record)
    {
        RecordShape shape = RecordShape.Whole(record);
        while (true)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, WriterOptions))
            {
                Begin(json, head);
                Write(json, record, shape);
            }

            byte[] text = ChainedLine.Complete(line, hash);
            if (line.WrittenCount <= LineLength.Max)
            {
                return text;
            }

            shape = shape.Shorter();
        }
    }

    /// <summary>Writes the line that tells that bytes were cut off before it, without its end.</summary>
    /// <returns>The line's hash as text.</returns>
    public static byte[] WriteRecovery(ArrayBufferWriter<byte> line, LogHead head, LineHash hash, DateTimeOffset time, long bytes)
    {
        using (var json = new Utf8JsonWriter(line, WriterOptions))
        {
            Begin(json, head);
            json.WriteString("kind", "recovery");
            json.WriteString("time", time.ToUniversalTime());
            json.WriteNumber("cut_bytes", bytes);
        }

        return ChainedLine.Complete(line, hash);
    }

    private static void Begin(Utf8JsonWriter json, LogHead head)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", head.Sequence + 1);
        json.WriteString("previous", head.Hash);
    }

    private static void Write(Utf8JsonWriter json, AuditRecord record, RecordShape shape)
    {
        WriteKind(json, record);
        if (record.Reload is { } reload)
        {
            ReloadJson.Write(json, record, reload, shape);
            return;
        }

        WriteCall(json, record, shape);
        WriteDecision(json, record, shape);
        WriteArguments(json, record, shape);
        if (!shape.IsBare)
        {
            WriteCounters(json, record.Counters);
        }

        WriteText(json, "approval_id", record.ApprovalId, shape);
        WriteText(json, "answered_by", record.AnsweredBy, shape);
        if (record.RetryAfter is { } retryAfter)
        {
            json.WriteNumber("retry_after_ms", (long)Math.Ceiling(retryAfter.TotalMilliseconds));
        }

        WriteText(json, "status", record.CallOutcome?.ToWireString() ?? record.ApprovalStatus?.ToWireString(), shape);
        WriteApproval(json, record);
        if (record.Duration is { } duration)
        {
            json.WriteNumber("duration_ms", (decimal)(duration.Ticks / TimeSpan.TicksPerMicrosecond) / 1_000);
        }

        if (shape.IsShortened)
        {
            json.WriteBoolean("shortened", true);
        }
    }

    private static void WriteApproval(Utf8JsonWriter json, AuditRecord record)
    {
        if (record.ApprovedUses is { } uses)
        {
            json.WriteNumber("uses", uses);
        }

        if (record.ApprovedUntil is { } until)
        {
            json.WriteString("until", until.ToUniversalTime());
        }

        if (record.IsApprovalExact)
        {
            json.WriteBoolean("exact", true);
        }
    }

    private static void WriteKind(Utf8JsonWriter json, AuditRecord record)
    {
        json.WriteString("kind", record.Kind switch
        {
            AuditRecordKind.Decision => "decision",
            AuditRecordKind.Completion => "completion",
            AuditRecordKind.Approval => "approval",
            AuditRecordKind.Reload => "reload",
            _ => "correction",
        });
        if (record.Time is { } time)
        {
            json.WriteString("time", time.ToUniversalTime());
        }
    }

    private static void WriteCall(Utf8JsonWriter json, AuditRecord record, RecordShape shape)
    {
        WriteText(json, "decision_id", record.DecisionId, shape);
        WriteText(json, "continues", record.Continues, shape);
        WriteText(json, "trace_id", record.TraceId, shape);
        WriteText(json, "grant", record.GrantId, shape);
        WriteText(json, "grant_label", record.GrantLabel, shape);
        WriteText(json, "session", record.SessionId, shape);
        WriteText(json, "session_source", record.SessionSource?.ToWireString(), shape);
        WriteText(json, "server", record.Server, shape);
        WriteText(json, "tool", record.Tool, shape);
        if (record.Risk != ToolRisk.Unspecified)
        {
            json.WriteString("risk", record.Risk.ToWireString());
        }
    }

    private static void WriteDecision(Utf8JsonWriter json, AuditRecord record, RecordShape shape)
    {
        json.WriteString("outcome", record.DecisionOutcome.ToWireString());
        json.WriteString("code", record.Code.ToWireString());
        WriteText(json, "rule", record.Rule.Length == 0 ? null : record.Rule, shape);
        WriteText(json, "rule_name", record.RuleName, shape);
        if (record.Message is { } message)
        {
            json.WriteString("message", Utf16.Cut(message, shape.MessageLength));
        }

        WriteText(json, "policy", record.PolicyName, shape);
        WriteText(json, "revision", record.PolicyRevision, shape);
    }

    private static void WriteArguments(Utf8JsonWriter json, AuditRecord record, RecordShape shape)
    {
        if (shape.Names > 0)
        {
            json.WriteStartArray("argument_names");
            for (int i = 0; i < shape.Names; i++)
            {
                json.WriteStringValue(record.ArgumentNames[i]);
            }

            json.WriteEndArray();
        }

        if (record.ArgumentBytes is { } bytes)
        {
            json.WriteNumber("argument_bytes", bytes);
        }

        WriteText(json, "arguments_digest", record.ArgumentsDigest, shape);
        WriteText(json, "inputs_digest", record.InputsDigest, shape);
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

    private static void WriteText(Utf8JsonWriter json, string name, string? value, RecordShape shape)
    {
        if (value is not null)
        {
            json.WriteString(name, Utf16.Cut(value, shape.TextLength));
        }
    }
}
