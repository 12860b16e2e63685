using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Tests.Proxy.Clients;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary><c>policylayer proxy</c> as a process, ended by signals.</summary>
public sealed class TerminationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-end-").FullName;

    private string Starts => Path.Combine(_folder, "starts");

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_ends_the_proxy_and_its_server(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using Process proxy = Start(Server());
        await AskAsync(proxy, ProxyRun.Call("1", "echo"));
        await ProxyProcess.SignalAsync(proxy, signal);

        Assert.Equal(0, await EndAsync(proxy));
        Assert.False(ProxyRun.IsRunning(StartedServer()));
    }

    [Fact]
    public async Task Standard_error_that_nobody_reads_does_not_keep_the_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The server's standard error is the proxy's: its first child fills the pipe.
        using Process proxy = Start(["sh", "-c", "head -c 300000 /dev/zero >&2 & exec \"$@\"", "sh", .. Server()]);
        await AskAsync(proxy, ProxyRun.Call("1", "echo"));
        await AskAsync(proxy, "no message");
        await ProxyProcess.SignalAsync(proxy, "TERM");

        Assert.Equal(0, await EndAsync(proxy));
        Assert.False(ProxyRun.IsRunning(StartedServer()));
    }

    [Fact]
    public async Task A_proxy_that_waits_for_what_never_comes_is_ended()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string key = Path.Combine(_folder, "key.pem");
        using (Process made = Process.Start("mkfifo", [key]))
        {
            await made.WaitForExitAsync();
        }

        using Process proxy = Start(Server(), "--audit", Path.Combine(_folder, "audit.jsonl"), "--audit-key", key);

        // Whoever opens the other end waits until the proxy has opened its own.
        await using FileStream writer = await Task.Run(
            () => new FileStream(key, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)).WaitAsync(Patience);
        await ProxyProcess.SignalAsync(proxy, "TERM");

        Assert.Equal(128 + 15, await EndAsync(proxy));
        Assert.False(File.Exists(Starts));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> AskAsync(Process proxy, string line)
    {
        await proxy.StandardInput.WriteAsync(line + "\n");
        await proxy.StandardInput.FlushAsync();
        return await proxy.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The proxy ended.");
    }

    private static async Task<int> EndAsync(Process proxy)
    {
        try
        {
            await proxy.WaitForExitAsync().WaitAsync(Patience);
            return proxy.ExitCode;
        }
        finally
        {
            if (!proxy.HasExited)
            {
                proxy.Kill(entireProcessTree: true);
            }
        }
    }

    private string[] Server() => ["dotnet", Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Proxy.Upstream.dll"), $"STARTS={Starts}"];

    private int StartedServer() => int.Parse(File.ReadAllLines(Starts).Single(), CultureInfo.InvariantCulture);

    private Process Start(string[] server, params string[] options)
    {
        string policy = Path.Combine(_folder, "policy.json");
        File.WriteAllText(policy, """{ "version": "1", "name": "p", "default": "deny", "tools": { "echo": {} } }""");
        string[] command = ProxyProcess.HeedingSignals(ProxyProcess.Before(server, policy, options));
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
