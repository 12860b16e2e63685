using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Behaviour;

/// <summary>One case of <c>cases/*.json</c>: a policy, and either the calls it judges or the findings that stand against it.</summary>
internal sealed class BehaviourCase
{
    private readonly JsonElement _root;

    private BehaviourCase(string file, JsonElement root)
    {
        File = file;
        Name = file + ": " + root.GetProperty("note").GetString();
        _root = root;
    }

    public static IReadOnlyDictionary<string, BehaviourCase> All { get; } = ReadAll();

    public static IEnumerable<string> Files => Paths().Select(path => Path.GetFileNameWithoutExtension(path));

    public string File { get; }

    public string Name { get; }

    /// <summary>The document as it stands in the case, so that odd numbers and duplicates survive.</summary>
    public byte[] Policy => Text(_root.GetProperty("policy"));

    public IEnumerable<BehaviourCall> Calls =>
        _root.TryGetProperty("calls", out JsonElement calls) ? calls.EnumerateArray().Select(call => new BehaviourCall(call)) : [];

    /// <summary>Severity and pointer of every finding; null when the case says nothing about them.</summary>
    public IReadOnlyList<string>? Findings =>
        _root.TryGetProperty("findings", out JsonElement findings) ? [.. findings.EnumerateArray().Select(f => f.GetString()!)] : null;

    internal static byte[] Text(JsonElement value) =>
        Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    private static Dictionary<string, BehaviourCase> ReadAll()
    {
        var cases = new Dictionary<string, BehaviourCase>(StringComparer.Ordinal);
        foreach (string path in Paths())
        {
            using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                var behaviour = new BehaviourCase(Path.GetFileNameWithoutExtension(path), element.Clone());
                cases.Add(behaviour.Name, behaviour);
            }
        }

        return cases;
    }

    private static IEnumerable<string> Paths() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "cases"), "*.json").Order(StringComparer.Ordinal);
}
