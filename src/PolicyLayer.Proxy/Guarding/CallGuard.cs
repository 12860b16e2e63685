using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>Judges <c>tools/call</c> requests as they came. Safe for any number of threads.</summary>
internal sealed class CallGuard
{
    private readonly IToolCallAuthorizer _authorizer;
    private readonly McpProxyOptions _options;
    private readonly OutputSchemas _schemas = new();
    private readonly ApprovalCarrier _carrier;
    private readonly ILogger _logger;

    public CallGuard(IToolCallAuthorizer authorizer, McpProxyOptions options)
    {
        _authorizer = authorizer;
        _options = options;
        _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<CallGuard>();
        Lists = new ToolLists(authorizer, options, _schemas);
        ContinuationSealer sealer = Continuations.SealerOf(options);
        Continuations = new Continuations(sealer);
        _carrier = new ApprovalCarrier(sealer, options.ApprovalUrl);
    }

    public ToolLists Lists { get; }

    public Continuations Continuations { get; }

    /// <summary>Judges a call.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What goes to the server, or what answers the client in its place.</returns>
    /// <exception cref="OperationCanceledException">It gave up; nothing was spent.</exception>
    public async ValueTask<Passage> JudgeAsync(JsonRpcMessage request, Caller caller, CancellationToken cancellationToken)
    {
        bool isStateless = RequestRevision.IsStateless(request);
        if (ToolName.Of(request, request.Body) is not { } tool)
        {
            return Passage.Refuse(request.Id, MessageFault.NoTool);
        }

        try
        {
            ToolCall call = Describe(request, tool, caller, isStateless, out string? state);
            ToolCallDecision decision = await _authorizer.AuthorizeAsync(call, cancellationToken).ConfigureAwait(false);
            if (decision.IsAllowed)
            {
                var judged = new JudgedCall(_authorizer, decision, call, caller.Principal);
                return Passage.Allow(Continuations.Unseal(request, decision.Continues, state), judged);
            }

            ToolCallDenial denial = ToolCallDenial.Of(decision)!;
            if (isStateless && _carrier.Write(request, denial, call, caller.Principal) is { } carrier)
            {
                return Passage.Reply(carrier);
            }

            bool isStructured = _schemas.Lacks(tool) && await Lists.HasAsync(tool, caller, cancellationToken).ConfigureAwait(false);
            string text = ApprovalAddress.Tell(denial, _options.ApprovalUrl);
            return Passage.Reply(Denial.Write(request.Id!.Value, denial, text, isStructured, isStateless));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            ProxyLog.NotJudged(_logger, e.GetType().Name);
            return Passage.Reply(Denial.WriteFailure(request.Id!.Value, isStateless));
        }
    }

    private ToolCall Describe(JsonRpcMessage request, string tool, Caller caller, bool isStateless, out string? state)
    {
        ToolArguments arguments = ArgumentsOf(request);
        Members.Find(request.Body, "_meta"u8, out JsonValue meta);
        ToolCall call = caller.Call(tool, arguments) with
        {
            Server = _options.Server,
            MayContinue = isStateless,
            TraceParent = Members.FindText(meta, "traceparent"u8),
            TraceState = Members.FindText(meta, "tracestate"u8),
        };
        return Continuations.Open(request, call, caller.Principal, out state) is { } earlier
            ? call with { Continues = earlier, Inputs = InputsOf(request) }
            : call;
    }

    private static ToolArguments ArgumentsOf(JsonRpcMessage request) =>
        Members.Find(request.Body, "arguments"u8, out JsonValue value) ? ToolArguments.FromUtf8(request.TextOf(value)) : ToolArguments.None;

    // A null answers nothing, and is no answer on record.
    private static ToolArguments InputsOf(JsonRpcMessage request) =>
        Members.Find(request.Body, "inputResponses"u8, out JsonValue value) && value.Kind != JsonKind.Null
            ? ToolArguments.FromUtf8(request.TextOf(value))
            : ToolArguments.None;
}
