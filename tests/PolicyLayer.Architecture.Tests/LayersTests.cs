namespace PolicyLayer.Tests.Architecture;

/// <summary>A folder of Core knows what stands before it in the data's way, and nothing behind it. src/README.md says why.</summary>
public sealed class LayersTests
{
    /// <summary>The folders, the deepest first: a file may use what its own folder and those before it declare.</summary>
    private static readonly string[] Layers =
    [
        "Text", "Calls", "Json", "Grammars", "Regexes", "Telemetry", "Keys", "Counters", "Grants", "Approvals", "Auditing", "Documents",
        "DecisionTree", "Compilation", "", "Authorization", "Reloading",
    ];

    private static readonly SourceGraph Graph = SourceGraph.Read("src/PolicyLayer.Core");

    [Fact]
    public void Every_file_stands_in_a_layer() =>
        Rule.Holds(Repository.SourcesIn("src/PolicyLayer.Core").Where(file => !Layers.Contains(LayerOf(file))));

    [Fact]
    public void Arrows_between_layers_go_one_way() =>
        Rule.Holds(Graph.Uses.Where(use => Array.IndexOf(Layers, LayerOf(use.To)) > Array.IndexOf(Layers, LayerOf(use.From))));

    /// <summary>Folders inside a layer, and the layer's own files, know each other in one direction at most, around any corner.</summary>
    [Fact]
    public void No_folder_knows_itself_through_others()
    {
        ILookup<string, string> arrows = Graph.Uses
            .Select(use => (From: FolderOf(use.From), To: FolderOf(use.To)))
            .Where(arrow => arrow.From != arrow.To)
            .Distinct()
            .ToLookup(arrow => arrow.From, arrow => arrow.To);
        Rule.Holds(arrows.Select(arrow => arrow.Key).Where(folder => Reaches(folder, folder, arrows)));
    }

    private static bool Reaches(string start, string goal, ILookup<string, string> arrows)
    {
        var seen = new HashSet<string>();
        var waiting = new Stack<string>(arrows[start]);
        while (waiting.TryPop(out string? folder))
        {
            if (folder == goal)
            {
                return true;
            }

            foreach (string next in seen.Add(folder) ? arrows[folder] : [])
            {
                waiting.Push(next);
            }
        }

        return false;
    }

    private static string LayerOf(string file) => FolderOf(file).Split('/')[0];

    private static string FolderOf(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/');
}
