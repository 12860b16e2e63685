using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// A server's tools, which can say that their list changed although no tool did. All else goes to the host's own collection, also what is
/// added to that one later.
/// </summary>
internal sealed class AnnouncedTools : McpServerPrimitiveCollection<McpServerTool>
{
    private readonly McpServerPrimitiveCollection<McpServerTool> _tools;

    public AnnouncedTools(McpServerPrimitiveCollection<McpServerTool> tools)
    {
        _tools = tools;
        tools.Changed += (_, _) => RaiseChanged();
    }

    public override ICollection<string> PrimitiveNames => _tools.PrimitiveNames;

    public void Announce() => RaiseChanged();

    public override void Clear() => _tools.Clear();

    public override bool TryAdd(McpServerTool primitive) => _tools.TryAdd(primitive);

    public override bool Remove(McpServerTool primitive) => _tools.Remove(primitive);

    public override bool TryGetPrimitive(string name, [NotNullWhen(true)] out McpServerTool? primitive) =>
        _tools.TryGetPrimitive(name, out primitive);

    public override bool Contains(McpServerTool primitive) => _tools.Contains(primitive);

    public override McpServerTool[] ToArray() => _tools.ToArray();

    public override void CopyTo(McpServerTool[] array, int arrayIndex) => _tools.CopyTo(array, arrayIndex);

    public override IEnumerator<McpServerTool> GetEnumerator() => _tools.GetEnumerator();
}
