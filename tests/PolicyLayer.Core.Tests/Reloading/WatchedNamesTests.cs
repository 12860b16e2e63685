using PolicyLayer.Reloading;
using PolicyLayer.Tests.Cli;

namespace PolicyLayer.Tests.Reloading;

/// <summary>Where a change of a file would be seen: in its folder, and in those of the links that lead to it.</summary>
public sealed class WatchedNamesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [UnixFact]
    public void Links_are_followed_one_by_one()
    {
        Directory.CreateDirectory(PathOf("..1"));
        File.WriteAllText(PathOf("..1/p.json"), "");
        File.CreateSymbolicLink(PathOf("..data"), "..1");
        File.CreateSymbolicLink(PathOf("p.json"), "..data/p.json");

        Dictionary<string, HashSet<string>> names = WatchedNames.Of([PathOf("p.json")]);

        Assert.Superset(new HashSet<string> { "p.json", "..data" }, names[_folder]);
        Assert.Contains("p.json", names[PathOf("..1")]);
    }

    [UnixFact]
    public void A_circle_of_links_ends()
    {
        File.CreateSymbolicLink(PathOf("a"), "b");
        File.CreateSymbolicLink(PathOf("b"), "a");
        Assert.Superset(new HashSet<string> { "a", "b" }, WatchedNames.Of([PathOf("a")])[_folder]);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_all_the_same() =>
        Assert.Contains("p.json", WatchedNames.Of([PathOf("none/p.json")])[PathOf("none")]);

    private string PathOf(string name) => Path.Combine(_folder, name);
}
