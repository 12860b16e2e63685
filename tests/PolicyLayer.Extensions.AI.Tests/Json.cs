using System.Text.Json;

namespace PolicyLayer.Tests.AI;

internal static class Json
{
    /// <summary>The members of an object, as a chat client reads them of what a model wrote.</summary>
    public static Dictionary<string, object?> Members(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value.Clone());
    }
}
