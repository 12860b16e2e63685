using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Filters lists of tools by the policy in force.</summary>
internal sealed class ListedTools(
    IToolCallAuthorizer authorizer, PolicyLayerMcpOptions options, CallerReader callers, OutputSchemas schemas)
{
    public McpRequestHandler<ListToolsRequestParams, ListToolsResult> Filter(
        McpRequestHandler<ListToolsRequestParams, ListToolsResult> next) => async (request, cancellationToken) =>
        {
            ListToolsResult result = await next(request, cancellationToken).ConfigureAwait(false);
            Caller caller = callers.Read(request);
            List<Tool> shown = [];
            foreach (Tool tool in result.Tools)
            {
                schemas.Learn(tool);
                if (await ShowsAsync(tool, caller, cancellationToken).ConfigureAwait(false))
                {
                    shown.Add(tool);
                }
            }

            result.Tools = shown;
            result.CacheScope = CacheScope.Private;
            if (result.TimeToLive > options.MaxToolListAge)
            {
                result.TimeToLive = options.MaxToolListAge;
            }

            return result;
        };

    private async ValueTask<bool> ShowsAsync(Tool tool, Caller caller, CancellationToken cancellationToken)
    {
        // Nothing is known of what is hidden from a caller whose grant isn't.
        if (!caller.IsKnown)
        {
            return false;
        }

        ToolAvailability availability = await authorizer.DescribeAsync(tool.Name, caller.GrantId, cancellationToken).ConfigureAwait(false);
        return availability != ToolAvailability.Hidden && (availability != ToolAvailability.Never || !options.HidesUncallable);
    }
}
