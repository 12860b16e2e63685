using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Grammars;

/// <summary>What an operator of meaning says, as tables: <c>data/*.json</c>.</summary>
internal static class GrammarRows
{
    public static IEnumerable<JsonElement> Read(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Grammars", "data", file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public static string[] Patterns(JsonElement row) => row.TryGetProperty("patterns", out JsonElement patterns)
        ? [.. patterns.EnumerateArray().Select(pattern => pattern.GetString()!)]
        : [row.GetProperty("pattern").GetString()!];

    public static string Why(JsonElement row) => row.GetProperty("why").GetString()!;

    public static byte[][] Utf8(IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
