using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Filters lists of tools by the policy in force.</summary>
internal sealed class ListedTools(PolicyLayerMcpOptions options, CallerReader callers, ShownTools shownTools, OutputSchemas schemas)
{
    public McpRequestHandler<ListToolsRequestParams, ListToolsResult> Filter(
        McpRequestHandler<ListToolsRequestParams, ListToolsResult> next) => async (request, cancellationToken) =>
        {
            ListToolsResult result = await next(request, cancellationToken).ConfigureAwait(false);
            Caller caller = callers.Read(request);
            List<Tool> shown = [];
            foreach (Tool tool in result.Tools)
            {
                if (await shownTools.HasAsync(tool.Name, caller, cancellationToken).ConfigureAwait(false))
                {
                    schemas.Learn(tool);
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
}
