namespace PolicyLayer.ModelContextProtocol;

/// <summary>Which tools a caller is shown by the policy in force.</summary>
internal sealed class ShownTools(IToolCallAuthorizer authorizer, PolicyLayerMcpOptions options)
{
    /// <summary>Whether lists have a tool for a caller, if the server has it.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> HasAsync(string tool, Caller caller, CancellationToken cancellationToken)
    {
        // Nothing is known of what is hidden from a caller whose grant isn't.
        if (!caller.IsKnown)
        {
            return false;
        }

        ToolAvailability availability = await authorizer.DescribeAsync(tool, caller.GrantId, cancellationToken).ConfigureAwait(false);
        return availability != ToolAvailability.Hidden && (availability != ToolAvailability.Never || !options.HidesUncallable);
    }
}
