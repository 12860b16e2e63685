using PolicyLayer.Json;

namespace PolicyLayer.Tests.Json;

public class JsonParsingSuiteTests
{
    [JsonParsingSuiteFact]
    public void Arguments_are_exactly_one_well_formed_object()
    {
        var tape = new JsonTape();
        string[] files = Directory.GetFiles(JsonParsingSuiteFactAttribute.Folder!, "*.json");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            byte[] utf8 = File.ReadAllBytes(file);
            string name = Path.GetFileName(file);
            bool accepted = JsonScanner.Scan(utf8, 64, tape) == JsonFault.None;
            Assert.True(accepted == NaiveJson.IsOneObject(utf8), name);

            // As a value of any kind: what must be accepted is, but for duplicate names; what must be refused is.
            bool isValue = JsonScanner.ScanValue(utf8, 64, tape) == JsonFault.None;
            Assert.False(name.StartsWith("n_", StringComparison.Ordinal) && isValue, name);
            Assert.False(
                name.StartsWith("y_", StringComparison.Ordinal) && !isValue && !name.Contains("duplicated", StringComparison.Ordinal),
                name);
        }
    }
}

/// <summary>Skips, visibly, where the shared suites aren't beside the repository.</summary>
public sealed class JsonParsingSuiteFactAttribute : FactAttribute
{
    public JsonParsingSuiteFactAttribute()
    {
        Skip = Folder is null ? "../shared/suites/json-parsing is not there." : null;
    }

    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PolicyLayer.Core.sln")))
        {
            folder = folder.Parent;
        }

        string? suite = folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "suites", "json-parsing");
        return Directory.Exists(suite) ? suite : null;
    }
}
