using System.Runtime.CompilerServices;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// Tells clients that the list of tools isn't what it was. The container has it. A policy that <see cref="ToolCallAuthorizer"/> reloads is
/// announced by itself; another authorizer's host says so. Safe for any number of threads.
/// </summary>
public sealed class ToolListChanges
{
    // Each collection of tools once, for as long as a server has it: HTTP makes options for each session, or each request.
    private readonly ConditionalWeakTable<McpServerPrimitiveCollection<McpServerTool>, object?> _tools = [];

    internal ToolListChanges()
    {
    }

    /// <summary>
    /// Sends <c>notifications/tools/list_changed</c> to every client that is connected and can hear it: those of a session, and from
    /// revision 2026-07-28 on those that subscribed (<c>subscriptions/listen</c>). It doesn't wait for them. Over HTTP without sessions the
    /// SDK grants no subscription: clients ask again when their list is too old.
    /// </summary>
    public void Announce()
    {
        foreach ((McpServerPrimitiveCollection<McpServerTool> tools, _) in _tools)
        {
            Collection<McpServerTool>.RaiseChanged(tools);
        }
    }

    /// <summary>Has a server's tools announce: they stay the host's own collection, which it may change as ever.</summary>
    /// <param name="tools">The server's tools.</param>
    internal void Watch(McpServerPrimitiveCollection<McpServerTool> tools) => _tools.TryAdd(tools, null);

    private static class Collection<T>
        where T : IMcpServerPrimitive
    {
        // The SDK has it for collections that derive from its own, to say that a primitive was modified: a host's own need not derive.
        [UnsafeAccessor(UnsafeAccessorKind.Method)]
        public static extern void RaiseChanged(McpServerPrimitiveCollection<T> collection);
    }
}
