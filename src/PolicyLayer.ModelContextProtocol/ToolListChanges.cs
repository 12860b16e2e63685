using System.Runtime.CompilerServices;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// Tells clients that the list of tools isn't what it was, as a policy that was reloaded shows others. The container has it. Safe for any
/// number of threads.
/// </summary>
public sealed class ToolListChanges
{
    // Each collection of tools once, for as long as a server has it: HTTP makes options for each session, or each request.
    private readonly ConditionalWeakTable<McpServerPrimitiveCollection<McpServerTool>, AnnouncedTools> _tools = [];

    internal ToolListChanges()
    {
    }

    /// <summary>
    /// Sends <c>notifications/tools/list_changed</c> to every client that is connected and can hear it: those of a session, and from
    /// revision 2026-07-28 on those that subscribed. It doesn't wait for them. Stateless clients ask again when their list is too old.
    /// </summary>
    public void Announce()
    {
        foreach ((_, AnnouncedTools tools) in _tools)
        {
            tools.Announce();
        }
    }

    /// <summary>Has a server's tools announce.</summary>
    /// <param name="tools">The server's tools.</param>
    internal McpServerPrimitiveCollection<McpServerTool> Watch(McpServerPrimitiveCollection<McpServerTool> tools) =>
        tools as AnnouncedTools ?? _tools.GetValue(tools, each => new AnnouncedTools(each));
}
