namespace PolicyLayer.Tests.Mcp;

/// <summary>As <see cref="NodeTheoryAttribute"/>, for one case.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = new NodeTheoryAttribute().Skip;
}
