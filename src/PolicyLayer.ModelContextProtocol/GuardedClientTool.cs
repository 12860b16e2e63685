using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// A server's tool, judged before the client calls it. Arguments are written once, judged as that text, and sent as what it says.
/// </summary>
internal sealed class GuardedClientTool(McpClientTool tool, IToolCallAuthorizer authorizer, Func<ToolCall, ToolCall>? describe)
    : DelegatingAIFunction(tool)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using JsonDocument written = JsonDocument.Parse(Write(arguments));
        var call = new ToolCall(tool.ProtocolTool.Name, written.RootElement);
        call = describe?.Invoke(call) ?? call;
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call, cancellationToken).ConfigureAwait(false);
        if (!decision.IsAllowed)
        {
            return decision.Message;
        }

        var sent = new AIFunctionArguments { Services = arguments.Services, Context = arguments.Context };
        foreach (JsonProperty argument in written.RootElement.EnumerateObject())
        {
            sent[argument.Name] = argument.Value;
        }

        var outcome = ToolCallOutcome.Failed;
        try
        {
            object? result = await base.InvokeCoreAsync(sent, cancellationToken).ConfigureAwait(false);
            outcome = IsError(result) ? ToolCallOutcome.Failed : ToolCallOutcome.Succeeded;
            return result;
        }
        finally
        {
            await authorizer.CompleteAsync(decision, outcome, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // The client gives errors back whole, as the protocol writes them.
    private static bool IsError(object? result) =>
        result is JsonElement { ValueKind: JsonValueKind.Object } whole
        && whole.TryGetProperty("isError", out JsonElement isError)
        && isError.ValueKind == JsonValueKind.True;

    private ReadOnlyMemory<byte> Write(AIFunctionArguments arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach ((string name, object? value) in arguments)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, JsonSerializerOptions.GetTypeInfo(typeof(object)));
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
