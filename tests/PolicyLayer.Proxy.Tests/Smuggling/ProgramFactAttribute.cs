namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>Skipped, visibly, where a program isn't installed; where it is required, its absence is a failure in CI.</summary>
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, bool isRequired)
    {
        bool isInstalled = ScriptPanel.IsInstalled(program);
        bool mustRun = isRequired && Environment.GetEnvironmentVariable("CI") == "true";
        Skip = isInstalled || mustRun ? null : $"{program} is not installed.";
    }
}
