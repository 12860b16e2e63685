namespace PolicyLayer.Tests.Grammars;

/// <summary>Skipped, visibly, where it isn't Linux or bash or dash isn't installed; in CI their absence on Linux is a failure.</summary>
internal sealed class ShellFactAttribute : FactAttribute
{
    private static readonly bool AreInstalled = ((string[])["bash", "dash"]).All(shell =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, shell))));

    private static readonly bool IsRequired = Environment.GetEnvironmentVariable("CI") == "true";

    public ShellFactAttribute() =>
        Skip = OperatingSystem.IsLinux() && (AreInstalled || IsRequired) ? null : "bash and dash of Linux aren't here.";
}
