namespace PolicyLayer.Tests.Regexes;

/// <summary>Skipped, visibly, where Node isn't installed.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    private static readonly bool IsInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));

    public NodeFactAttribute() => Skip = IsInstalled ? null : "node is not installed.";
}
