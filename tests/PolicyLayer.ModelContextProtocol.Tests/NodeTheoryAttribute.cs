namespace PolicyLayer.Tests.Mcp;

/// <summary>Skipped, visibly, where Node or the packages of <c>tests/node</c> aren't installed; in CI they must be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    private static readonly bool HasNode = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));

    private static readonly bool IsInstalled =
        HasNode && new[] { "client", "server-everything" }.All(
            package => Directory.Exists(Path.Combine(Folder, "node_modules", "@modelcontextprotocol", package)));

    public NodeTheoryAttribute() => Skip = IsInstalled || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "node or its packages are not installed: `npm ci --prefix tests/node`.";

    /// <summary>Where the packages and the scripts that use them stand.</summary>
    internal static string Folder
    {
        get
        {
            string root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "PolicyLayer.Core.sln")))
            {
                root = Path.GetDirectoryName(root)!;
            }

            return Path.Combine(root, "tests", "node");
        }
    }
}
