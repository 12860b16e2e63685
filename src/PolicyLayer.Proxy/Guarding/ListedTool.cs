using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>A tool that a server lists.</summary>
/// <param name="Name">Its name; null for one that readers may take for different ones.</param>
/// <param name="HasOutputSchema">Whether clients hold its results to a schema.</param>
/// <param name="Place">Where it stands.</param>
internal readonly record struct ListedTool(string? Name, bool HasOutputSchema, TextSpan Place)
{
    public static readonly KnownNames Names = new("name", "outputSchema");
}
