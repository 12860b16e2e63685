using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Architecture;

/// <summary>What a package's own page says, which is read far from the repository.</summary>
public sealed class PackageReadmeTests
{
    public static TheoryData<string> Packages =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)),
    ];

    [Theory]
    [MemberData(nameof(Packages))]
    public void It_begins_with_the_package_s_name_and_shows_code(string package)
    {
        string readme = ReadmeOf(package);
        Assert.StartsWith($"# {package}\n", readme, StringComparison.Ordinal);
        Assert.Contains("\n```", readme, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Its_links_lead_to_addresses_and_never_into_the_repository(string package) =>
        Rule.Holds(
            from link in Regex.Matches(ReadmeOf(package), @"\]\(([^)]*)\)|<(?:a|img)\b[^>]*?(?:href|src)=""([^""]*)")
            let target = link.Groups[1].Value + link.Groups[2].Value
            where !target.StartsWith("https://", StringComparison.Ordinal)
            select $"{package} links to {target}");

    [Theory]
    [MemberData(nameof(Packages))]
    public void Its_code_is_compiled(string package)
    {
        string folder = Path.Combine(Repository.Root, "tests", "PolicyLayer.PackageCode");
        string[] sources = [.. Directory.GetFiles(folder, "*.cs").Select(file => Plain(File.ReadAllText(file)))];
        Rule.Holds(
            from block in Regex.Matches(ReadmeOf(package), "(?s)```csharp\n(.*?)```")
            let code = Plain(block.Groups[1].Value)
            where !sources.Any(source => source.Contains(code, StringComparison.Ordinal))
            select $"{package} shows code that no file of tests/PolicyLayer.PackageCode has: {code}");
    }

    private static string ReadmeOf(string package) => File.ReadAllText(Path.Combine(Repository.Root, "src", package, "README.md"));

    // A block stands deeper in its file, and apart from its using lines.
    private static string Plain(string code) => string.Join(
        '\n',
        code.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal)));
}
