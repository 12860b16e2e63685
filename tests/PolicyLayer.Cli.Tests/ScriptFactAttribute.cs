namespace PolicyLayer.Tests.Cli;

/// <summary>Skipped, visibly, where util-linux's <c>script</c> gives no terminal; in CI it must.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScriptFactAttribute : FactAttribute
{
    public ScriptFactAttribute() =>
        Skip = IsInstalled || Environment.GetEnvironmentVariable("CI") == "true" ? null : "script is not installed.";

    private static bool IsInstalled { get; } = OperatingSystem.IsLinux()
        && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "script")));
}
