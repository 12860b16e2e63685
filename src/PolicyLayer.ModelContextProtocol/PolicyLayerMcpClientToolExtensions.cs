using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using PolicyLayer;
using PolicyLayer.ModelContextProtocol;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Guards the tools that a client of the Model Context Protocol offers to a model.</summary>
public static class PolicyLayerMcpClientToolExtensions
{
    /// <summary>
    /// The same tool, judged before each call by the name that its server gives it: a denial's message is the function's result, and the
    /// server hears nothing of the call. Safe for use by any number of threads at once.
    /// </summary>
    /// <param name="tool">The tool.</param>
    /// <param name="authorizer">Who judges.</param>
    /// <param name="describe">
    /// Says whose the call is, as in <c>call => call with { GrantId = "ci" }</c>; null for the authorizer's default grant. It must keep
    /// tool and arguments.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="tool"/> or <paramref name="authorizer"/> is null.</exception>
    public static AIFunction WithPolicyLayer(
        this McpClientTool tool, IToolCallAuthorizer authorizer, Func<ToolCall, ToolCall>? describe = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(authorizer);
        return new GuardedClientTool(tool, authorizer, describe);
    }
}
