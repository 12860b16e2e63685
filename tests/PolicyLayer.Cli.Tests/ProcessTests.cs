using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli;

public sealed class ProcessTests
{
    [Fact]
    public async Task The_published_policy_is_enforced_by_a_real_process()
    {
        string calls = string.Concat(Enumerable.Repeat("{\"tool\":\"run_code\",\"at\":\"2026-01-01T00:00:00Z\"}\n", 12));

        (int exitCode, byte[] output, string error) = await RunAsync(calls, "check", Command.Stellify, "--calls", "-", "--json");

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Equal((byte)'{', output[0]);
        string[] lines = Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12, lines.Length);
        Assert.Equal(2, lines.Count(line => line.Contains("limit_exceeded", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pipe_is_given_no_colours_and_the_version_is_printed()
    {
        (int exitCode, byte[] output, _) = await RunAsync("", "validate", Command.Stellify);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain((byte)0x1B, output);

        (exitCode, output, _) = await RunAsync("", "--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"\A\d+\.\d+\.\d+\S*\n\z", Encoding.UTF8.GetString(output));
    }

    [UnixFact]
    public async Task A_reader_that_goes_away_ends_an_endless_run()
    {
        using Process process = Process.Start(Start("check", Command.Stellify, "--calls", "-", "--json"))!;
        await process.StandardInput.WriteAsync("{\"tool\":\"run_code\"}\n");
        await process.StandardInput.FlushAsync();
        Assert.NotEqual(-1, process.StandardOutput.Read());
        process.StandardOutput.Close();
        await process.StandardInput.WriteAsync("{\"tool\":\"run_code\"}\n");
        await process.StandardInput.FlushAsync();

        // Standard input stays open: only the closed pipe can end the run.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            process.Kill();
        }

        Assert.Equal(2, process.ExitCode);
    }

    [UnixFact]
    public async Task A_pipe_for_a_key_that_nobody_writes_to_is_waited_for_until_SIGTERM()
    {
        using var folder = new LogFolder();
        string pipe = folder.In("key.pem");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        using Process process = Process.Start(
            Start("check", Command.Stellify, "--tool", "t", "--audit", folder.In("audit.jsonl"), "--audit-key", pipe))!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            // Whoever opens the other end waits until the run has opened its own.
            await using FileStream writer = await Task.Run(
                () => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)).WaitAsync(deadline.Token);
            using Process sent = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            process.Kill();
        }

        Assert.Equal(143, process.ExitCode);
    }

    private static ProcessStartInfo Start(params string[] args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "policylayer.dll"), .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task<(int ExitCode, byte[] Output, string Error)> RunAsync(string input, params string[] args)
    {
        using Process process = Process.Start(Start(args))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return (process.ExitCode, output.ToArray(), await error);
    }
}
