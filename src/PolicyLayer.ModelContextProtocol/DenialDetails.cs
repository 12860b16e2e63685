using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Whether clients take a denial's details as structured content: what they know an output schema of, they hold to it.</summary>
internal sealed class DenialDetails(OutputSchemas schemas, ShownTools shownTools, McpServerOptions server)
{
    /// <summary>Where nobody knows what a client was shown, it isn't tried.</summary>
    private bool AreTakenForUnlisted => server.Handlers.ListToolsHandler is null;

    /// <summary>Whether they take them for a tool that is listed, if the server has it.</summary>
    /// <param name="tool">The tool's name, as the client says it.</param>
    public bool AreTakenFor(string tool)
    {
        if (schemas.Has(tool) is { } hasSchema)
        {
            return !hasSchema;
        }

        return server.ToolCollection?.TryGetPrimitive(tool, out McpServerTool? found) == true
            ? found.ProtocolTool.OutputSchema is null
            : AreTakenForUnlisted;
    }

    /// <summary>Whether they take them for a tool: one that the caller isn't shown is as one that nobody has.</summary>
    /// <param name="tool">The tool's name, as the client says it.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> AreTakenForAsync(string tool, Caller caller, CancellationToken cancellationToken)
    {
        bool areTaken = AreTakenFor(tool);
        return areTaken == AreTakenForUnlisted || await shownTools.HasAsync(tool, caller, cancellationToken).ConfigureAwait(false)
            ? areTaken
            : AreTakenForUnlisted;
    }
}
