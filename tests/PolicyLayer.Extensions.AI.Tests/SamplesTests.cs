using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.AI;

/// <summary>The samples, each in a process of its own.</summary>
public sealed class SamplesTests
{
    [Theory]
    [InlineData(
        "GuardedFunctions",
        "The model reads: 1200",
        "The model reads: [POLICY DENIED] This tool is not listed in the policy.",
        "alice approves: pay",
        "The model reads: ann got 900",
        "Ann is paid.")]
    [InlineData(
        "GuardedAgent",
        "The model reads: text",
        "The model reads: [POLICY DENIED] The limit `read_rate` of 1 per day is used up.",
        "The model reads: [POLICY DENIED] This tool is not listed in the policy.",
        "Read once.")]
    [InlineData(
        "GuardedKernel",
        "The model reads: text of a.txt",
        "The model reads: [POLICY DENIED] The limit `files_read_rate` of 1 per day is used up.",
        "The model reads: [POLICY DENIED] This tool is not listed in the policy.",
        "Read once.")]
    public async Task A_sample_runs_what_its_policy_allows(string sample, params string[] lines)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, $"{sample}.dll") },
            RedirectStandardOutput = true,
        })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        string timeless = Regex.Replace(output, " Try again in [^\r\n]*", "");
        Assert.Equal(lines, timeless.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
