using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Looks at what answers a judged call: a result that asks for input is sealed, one of a task leaves the call open.</summary>
internal sealed class OutgoingResults(Continuations continuations)
{
    public McpMessageHandler Filter(McpMessageHandler next) => (context, cancellationToken) => context.JsonRpcMessage switch
    {
        JsonRpcResponse { Result: JsonObject result } when JudgedCall.Find(context.Items) is { } judged =>
            PassAsync(result, judged, next, context, cancellationToken),
        JsonRpcError when JudgedCall.Find(context.Items) is { } judged => PassErrorAsync(judged, next, context, cancellationToken),
        _ => next(context, cancellationToken),
    };

    private static async Task PassErrorAsync(
        JudgedCall judged, McpMessageHandler next, MessageContext context, CancellationToken cancellationToken)
    {
        await judged.EndAsync(ToolCallOutcome.Failed).ConfigureAwait(false);
        await next(context, cancellationToken).ConfigureAwait(false);
    }

    private async Task PassAsync(
        JsonObject result, JudgedCall judged, McpMessageHandler next, MessageContext context, CancellationToken cancellationToken)
    {
        string? kind = result["resultType"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        if (kind == "input_required")
        {
            continuations.Seal(result, judged);
        }

        // A task runs behind its answer, and reports by itself; what isn't known may do the same.
        if (kind is not (null or "complete") || result.ContainsKey("task"))
        {
            judged.StayOpen();
        }

        // Before it is sent, so that who reads the answer finds the quota given back.
        bool isError = result["isError"] is JsonValue error && error.TryGetValue(out bool says) && says;
        await judged.EndAsync(isError ? ToolCallOutcome.Failed : ToolCallOutcome.Succeeded).ConfigureAwait(false);
        await next(context, cancellationToken).ConfigureAwait(false);
    }
}
