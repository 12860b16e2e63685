using System.Buffers;
using System.Text.Json;

namespace PolicyLayer.Proxy.Messages;

/// <summary>The messages that are the proxy's own.</summary>
internal static class JsonRpcText
{
    /// <summary>Tells a client that its list of tools isn't the one of before.</summary>
    public static readonly ReadOnlyMemory<byte> ListChanged =
        """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"""u8.ToArray();

    /// <summary>An error.</summary>
    /// <param name="id">What it answers; null for what couldn't be read.</param>
    /// <param name="code">Its code.</param>
    /// <param name="message">What to say.</param>
    public static ReadOnlyMemory<byte> Error(JsonRpcId? id, int code, string message) =>
        Write(id, writer => WriteError(writer, code, message));

    /// <summary>An error.</summary>
    public static ReadOnlyMemory<byte> Error(JsonRpcId? id, MessageFault fault) => Error(id, fault.Code, fault.Message);

    /// <summary>An error about a request that wasn't looked at, and whose id nobody knows.</summary>
    public static ReadOnlyMemory<byte> Refusal(int code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            WriteError(writer, code, message);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A result.</summary>
    public static ReadOnlyMemory<byte> Result(JsonRpcId id, Action<Utf8JsonWriter> writeMembers) => Write(id, writer =>
    {
        writer.WriteStartObject("result"u8);
        writeMembers(writer);
        writer.WriteEndObject();
    });

    /// <summary>The same for one subscription.</summary>
    /// <param name="subscription">The id of the request that subscribed.</param>
    public static ReadOnlyMemory<byte> ListChangedFor(JsonRpcId subscription) => Notification(Methods.ListChanged, writer =>
    {
        writer.WriteStartObject("_meta"u8);
        writer.WritePropertyName("io.modelcontextprotocol/subscriptionId"u8);
        writer.WriteRawValue(subscription.Text.Span, skipInputValidation: true);
        writer.WriteEndObject();
    });

    /// <summary>Tells a server that nobody waits for its answer any more.</summary>
    /// <param name="id">The id of the request.</param>
    /// <param name="reason">Why.</param>
    public static ReadOnlyMemory<byte> Cancelled(JsonRpcId id, string reason) => Notification(Methods.Cancelled, writer =>
    {
        writer.WritePropertyName("requestId"u8);
        writer.WriteRawValue(id.Text.Span, skipInputValidation: true);
        writer.WriteString("reason"u8, reason);
    });

    private static void WriteError(Utf8JsonWriter writer, int code, string message)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, code);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Notification(string method, Action<Utf8JsonWriter> writeParams)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteString("method"u8, method);
            writer.WriteStartObject("params"u8);
            writeParams(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Write(JsonRpcId? id, Action<Utf8JsonWriter> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            if (id is { } known)
            {
                writer.WriteRawValue(known.Text.Span, skipInputValidation: true);
            }
            else
            {
                writer.WriteNullValue();
            }

            writeBody(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
