using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// Judges every <c>tools/call</c> as it was sent, before anything of the server reads it: what is denied is answered here, and goes no
/// further.
/// </summary>
/// <param name="authorizer">Judges.</param>
/// <param name="options">What the host says of calls.</param>
/// <param name="callers">Finds out who calls.</param>
/// <param name="continuations">Opens what clients bring back.</param>
/// <param name="details">What clients take denials as.</param>
/// <param name="isChecked">Whether <see cref="RunningCalls"/> sees what runs.</param>
/// <param name="logger">Where it says what failed.</param>
internal sealed class IncomingCalls(
    IToolCallAuthorizer authorizer,
    PolicyLayerMcpOptions options,
    CallerReader callers,
    Continuations continuations,
    DenialDetails details,
    bool isChecked,
    ILogger logger)
{
    /// <summary>
    /// The first revision in which a server answers that it needs input, and the client sends the call again: results say which kind they
    /// are.
    /// </summary>
    private const string FirstContinued = "2026-07-28";

    private static readonly JsonTypeInfo<CallToolResult> ResultType =
        (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

    public McpMessageHandler Filter(McpMessageHandler next) => (context, cancellationToken) =>
        context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsCall } request
            ? JudgeAsync(request, next, context, cancellationToken)
            : next(context, cancellationToken);

    private async Task JudgeAsync(
        JsonRpcRequest request, McpMessageHandler next, MessageContext context, CancellationToken cancellationToken)
    {
        AskedCall asked = AskedCall.Read(request.Params)
            ?? throw new McpProtocolException("`params` must have the tool's name, once.", McpErrorCode.InvalidParams);
        (JudgedCall? judged, CallToolResult? denial) = await DecideAsync(asked, request, context, cancellationToken).ConfigureAwait(false);
        if (judged is null)
        {
            denial!.ResultType = IsContinued(context) ? "complete" : null;
            await AnswerAsync(request, denial, context, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            judged.AddTo(context.Items);
            await next(context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await judged.EndAsync(ToolCallOutcome.Failed).ConfigureAwait(false);
        }
    }

    private async ValueTask<(JudgedCall? Judged, CallToolResult? Denial)> DecideAsync(
        AskedCall asked, JsonRpcRequest request, MessageContext context, CancellationToken cancellationToken)
    {
        try
        {
            Caller caller = callers.Read(context);
            if (!caller.IsKnown)
            {
                return (null, await DenyAsync(Denial.UnknownGrant, asked, caller, cancellationToken).ConfigureAwait(false));
            }

            var parameters = (JsonObject)request.Params!;
            ToolCall call = Describe(asked, caller, parameters, context);
            ToolCallDecision decision = await authorizer.AuthorizeAsync(call, cancellationToken).ConfigureAwait(false);
            if (!decision.IsAllowed)
            {
                return (null, await DenyAsync(Denial.Of(decision), asked, caller, cancellationToken).ConfigureAwait(false));
            }

            if (!decision.Continues)
            {
                Continuations.Drop(parameters);
            }

            return (new JudgedCall(authorizer, decision, call, asked, caller, isChecked), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            McpLog.NotJudged(logger, e.GetType().Name);
            return (null, Denial.Failed.ToResult(isStructured: false));
        }
    }

    private async ValueTask<CallToolResult> DenyAsync(Denial denial, AskedCall asked, Caller caller, CancellationToken cancellationToken) =>
        denial.ToResult(await details.AreTakenForAsync(asked.Tool, caller, cancellationToken).ConfigureAwait(false));

    private ToolCall Describe(AskedCall asked, Caller caller, JsonObject parameters, MessageContext context)
    {
        AskedTrace trace = AskedTrace.Read(parameters);
        var call = caller.Call(asked.Tool, asked.Judged) with
        {
            Server = options.Server,
            Context = options.Context?.Invoke(context) ?? ToolArguments.None,
            MayContinue = IsContinued(context),
            TraceParent = trace.Parent,
            TraceState = trace.State,
        };
        return continuations.Open(parameters, call, caller.Principal) is { } earlier
            ? call with { Continues = earlier, Inputs = AskedCall.ArgumentsOf(parameters[Continuations.ResponsesName]) }
            : call;
    }

    private static bool IsContinued(MessageContext context) => string.CompareOrdinal(
        context.JsonRpcMessage.Context?.ProtocolVersion ?? context.Server.NegotiatedProtocolVersion, FirstContinued) >= 0;

    // The server that a message came by answers on the way that it came.
    private static Task AnswerAsync(
        JsonRpcRequest request, CallToolResult result, MessageContext context, CancellationToken cancellationToken) =>
        context.Server.SendMessageAsync(
            new JsonRpcResponse { Id = request.Id, Result = JsonSerializer.SerializeToNode(result, ResultType) }, cancellationToken);
}
