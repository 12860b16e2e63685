namespace PolicyLayer.Tests.Regexes;

/// <summary>Skipped, visibly, where Node isn't installed; in CI its absence is a failure.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    private static readonly bool IsInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));

    private static readonly bool IsRequired = Environment.GetEnvironmentVariable("CI") == "true";

    public NodeFactAttribute() => Skip = IsInstalled || IsRequired ? null : "node is not installed.";
}
