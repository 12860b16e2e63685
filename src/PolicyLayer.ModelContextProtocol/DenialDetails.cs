using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Whether clients take a denial's details as structured content: what they know an output schema of, they hold to it.</summary>
internal sealed class DenialDetails(OutputSchemas schemas, McpServerOptions server)
{
    /// <summary>Whether they take them for a tool. Where nobody knows what a client was shown, it isn't tried.</summary>
    /// <param name="tool">The tool's name, as the client says it.</param>
    public bool AreTakenFor(string tool)
    {
        if (schemas.Has(tool) is { } hasSchema)
        {
            return !hasSchema;
        }

        return server.ToolCollection?.TryGetPrimitive(tool, out McpServerTool? found) == true
            ? found.ProtocolTool.OutputSchema is null
            : server.Handlers.ListToolsHandler is null;
    }
}
