using System.Text.Json;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>Writes denials as a model reads them: a result that is an error, with one text, and the details for programs.</summary>
internal static class Denial
{
    /// <summary>The details' name in <c>_meta</c>.</summary>
    public const string MetaName = "policylayer/denial";

    /// <summary>The result.</summary>
    /// <param name="id">What it answers.</param>
    /// <param name="denial">The denial.</param>
    /// <param name="text">What the caller is told of it.</param>
    /// <param name="isStructured">Whether clients take details as structured content: they hold it to a listed output schema.</param>
    /// <param name="hasKind">Whether the request's revision has results say which kind they are.</param>
    public static ReadOnlyMemory<byte> Write(JsonRpcId id, ToolCallDenial denial, string text, bool isStructured, bool hasKind) =>
        JsonRpcText.Result(id, writer => WriteMembers(writer, text, denial.WriteTo, isStructured, hasKind));

    /// <summary>The result for a call that couldn't be judged at all.</summary>
    public static ReadOnlyMemory<byte> WriteFailure(JsonRpcId id, bool hasKind) =>
        JsonRpcText.Result(id, writer => WriteMembers(
            writer, "[POLICY DENIED] The call couldn't be judged.", WriteInternalError, isStructured: false, hasKind));

    private static void WriteMembers(
        Utf8JsonWriter writer, string message, Action<Utf8JsonWriter> writeDetails, bool isStructured, bool hasKind)
    {
        if (hasKind)
        {
            writer.WriteString("resultType"u8, "complete"u8);
        }

        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, message);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("isError"u8, true);
        writer.WriteStartObject("_meta"u8);
        writer.WritePropertyName(MetaName);
        writeDetails(writer);
        writer.WriteEndObject();
        if (isStructured)
        {
            writer.WritePropertyName("structuredContent"u8);
            writeDetails(writer);
        }
    }

    private static void WriteInternalError(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("code"u8, DecisionCode.InternalError.ToWireString());
        writer.WriteEndObject();
    }
}
