using System.Diagnostics;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Proxy.Clients.Kills;

/// <summary>One client, which starts its proxy, which starts its server.</summary>
internal sealed class StdioFlood(string policy, ITestOutputHelper output) : Flood(output)
{
    private Process? _client;

    public override int InFlight => 8;

    protected override bool IsCalling => !_client!.HasExited;

    protected override async Task StartAsync()
    {
        if (await IsRunningAsync(_client))
        {
            return;
        }

        _client?.Dispose();
        string[] proxy = ProxyProcess.Before(Server, policy, Counters);
        _client = Process.Start(new ProcessStartInfo("node", [Path.Combine(NodeScripts.Folder, "flood.mjs"), Processes, .. proxy])
        {
            RedirectStandardOutput = true,
        })!;
    }

    protected override async Task<IReadOnlyList<string>> EndAsync() => [await _client!.StandardOutput.ReadToEndAsync()];

    // Only a server is started again.
    protected override string[] EndingWith(string part) => part == "server" ? [] : ["client", "proxy", "server"];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _client?.Dispose();
    }
}
