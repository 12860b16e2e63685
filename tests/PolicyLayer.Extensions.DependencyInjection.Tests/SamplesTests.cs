using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>The samples that are programs, run as such.</summary>
public sealed class SamplesTests
{
    [Fact]
    public async Task The_loop_gives_the_model_what_it_may_do_and_why_not() => Assert.Equal(
        [
            "deploy: [POLICY DENIED]",
            "run_tests: failed",
            "deploy: [POLICY DENIED]",
            "run_tests: done",
            "deploy: done",
            "send_mail: done",
            "send_mail: [POLICY DENIED]",
        ],
        (await RunAsync("ConsoleAgentLoop")).Select(line => Regex.Replace(line, @"(?<=\[POLICY DENIED\]).*", "")));

    [Fact]
    public async Task A_store_of_the_hosts_own_counts() =>
        Assert.Equal(["run_code: allowed", "run_code: allowed", "run_code: LimitExceeded"], await RunAsync("CustomCounterStore"));

    private static async Task<string[]> RunAsync(string sample)
    {
        // Where the sample was built, with the packages that it runs on.
        string folder = AppContext.BaseDirectory.Replace(
            typeof(SamplesTests).Assembly.GetName().Name!, Path.Combine("Samples", sample), StringComparison.Ordinal);
        using Process process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(folder, sample + ".dll") },
            RedirectStandardOutput = true,
        })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
