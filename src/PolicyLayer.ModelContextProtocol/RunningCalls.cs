using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// The last step before a tool runs: lets through nothing but what was judged, whatever filters did to it on the way, and reports what
/// became of it.
/// </summary>
/// <param name="options">The server's, whose filters and handlers are known once it runs.</param>
/// <param name="details">What clients know of the tools.</param>
/// <param name="logger">Where it says what it stopped.</param>
internal sealed class RunningCalls(McpServerOptions options, DenialDetails details, ILogger logger)
{
    /// <summary>Wraps the tools themselves.</summary>
    /// <exception cref="InvalidOperationException">It would wrap another filter.</exception>
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(McpRequestHandler<CallToolRequestParams, CallToolResult> next)
    {
        if (!options.Filters.Request.CallToolFilters[^1].Equals((McpRequestFilter<CallToolRequestParams, CallToolResult>)Filter))
        {
            throw new InvalidOperationException(
                "A filter of tool calls was added after the server's options were configured, and could change calls after they were "
                + "checked. Help: add it by `WithRequestFilters`, and not for a session.");
        }

        return (request, cancellationToken) => RunAsync(next, request, cancellationToken);
    }

    private async ValueTask<CallToolResult> RunAsync(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken)
    {
        JudgedCall? judged = JudgedCall.Find(request.Items);
        if (judged is null || !judged.Is(request.Params, request.MatchedPrimitive) || !judged.TryStart())
        {
            McpLog.Stopped(logger);
            return Denial.NotJudged.ToResult(judged is not null && details.AreTakenFor(judged.Call.ToolName));
        }

        CallToolResult result;
        try
        {
            result = await next(request, cancellationToken).ConfigureAwait(false);
        }
        catch (InputRequiredException)
        {
            judged.Ask();
            throw;
        }
        catch (Exception e)
        {
            // Where nobody has the tool, the SDK says so, and nothing ran.
            bool isUnknown = e is McpProtocolException && request.MatchedPrimitive is null && options.Handlers.CallToolHandler is null;
            await judged.ReportAsync(isUnknown ? ToolCallOutcome.NotExecuted : ToolCallOutcome.Failed).ConfigureAwait(false);
            throw;
        }

        await judged.ReportAsync(result.IsError == true ? ToolCallOutcome.Failed : ToolCallOutcome.Succeeded).ConfigureAwait(false);
        return result;
    }
}
