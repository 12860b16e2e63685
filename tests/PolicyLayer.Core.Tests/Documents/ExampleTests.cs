namespace PolicyLayer.Tests.Documents;

/// <summary>How the examples' calls are judged stands beside them, in <c>*.calls.jsonl</c>, and is run by the command's tests.</summary>
public sealed class ExampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "schema", "examples");

    public static TheoryData<string> Names => new(Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_loads_without_a_finding(string name)
    {
        PolicyLoadResult result = Policy.Load(File.ReadAllBytes(Path.Combine(Folder, name)));

        Assert.Empty(result.Diagnostics.Select(finding => finding.ToString()));
        Assert.True(result.IsValid);
        Assert.Equal(name == "stellify.json" ? "default" : Path.GetFileNameWithoutExtension(name), result.Policy.Name);
    }
}
