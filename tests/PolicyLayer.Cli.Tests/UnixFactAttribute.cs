namespace PolicyLayer.Tests.Cli;

/// <summary>Skipped, visibly, on Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows tells a writer nothing of a closed pipe." : null;
}
