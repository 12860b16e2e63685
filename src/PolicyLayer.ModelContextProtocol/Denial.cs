using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>A denial as a model reads it: a result that is an error, with one text, and the details for programs.</summary>
/// <param name="Message">What to tell the agent.</param>
/// <param name="Details">What <see cref="ToolCallDenial.WriteTo"/> writes.</param>
internal sealed record Denial(string Message, ReadOnlyMemory<byte> Details)
{
    private const string MetaName = "policylayer/denial";

    /// <summary>The host says who calls, and can't say it of this one.</summary>
    public static Denial UnknownGrant { get; } = Of(
        DecisionCode.GrantUnknown, "[POLICY DENIED] Nothing says whose grant this call would use.");

    /// <summary>What is about to run isn't what was judged.</summary>
    public static Denial NotJudged { get; } = Of(
        DecisionCode.InternalError, "[POLICY DENIED] The call that was about to run isn't the one that was judged.");

    /// <summary>The host's own code failed.</summary>
    public static Denial Failed { get; } = Of(DecisionCode.InternalError, "[POLICY DENIED] The call couldn't be judged.");

    /// <summary>The form of a decision that isn't an allow.</summary>
    /// <param name="decision">The decision.</param>
    public static Denial Of(in ToolCallDecision decision)
    {
        ToolCallDenial denial = ToolCallDenial.Of(decision)!;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            denial.WriteTo(writer);
        }

        return new Denial(denial.Message, buffer.WrittenMemory);
    }

    /// <summary>The result.</summary>
    /// <param name="isStructured">Whether clients take details as structured content: they hold it to a listed output schema.</param>
    public CallToolResult ToResult(bool isStructured)
    {
        var result = new CallToolResult
        {
            IsError = true,
            Content = [new TextContentBlock { Text = Message }],
            Meta = new JsonObject { [MetaName] = JsonNode.Parse(Details.Span) },
        };
        if (isStructured)
        {
            result.StructuredContent = JsonElement.Parse(Details.Span);
        }

        return result;
    }

    private static Denial Of(DecisionCode code, string message) =>
        new(message, Encoding.UTF8.GetBytes($$"""{"code":"{{code.ToWireString()}}"}"""));
}
