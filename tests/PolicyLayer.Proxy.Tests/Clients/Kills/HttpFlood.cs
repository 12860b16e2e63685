using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Grants;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Proxy.Clients.Kills;

/// <summary>Clients of two grants, with sessions and without, and a proxy over HTTP that all of them call.</summary>
/// <param name="policy">The file of the policy.</param>
/// <param name="isBridged">Whether the proxy starts servers as processes; else one of HTTP runs beside it.</param>
/// <param name="output">Takes what was done.</param>
internal sealed class HttpFlood(string policy, bool isBridged, ITestOutputHelper output) : Flood(output)
{
    private static readonly string[] Grants = ["a", "b"];

    /// <summary>Whose each client is, and of which revision; null for one of sessions.</summary>
    private static readonly (int Grant, string? Revision)[] Callers = [(0, null), (1, null), (0, "2026-07-28")];

    private readonly string[] _tokens = [.. Grants.Select(_ => GrantToken.Create())];
    private readonly Process?[] _clients = new Process?[Callers.Length];
    private Process? _server;
    private Process? _proxy;
    private string _upstream = "";
    private string _address = "";

    public override int InFlight => 4 * Callers.Length;

    protected override bool IsCalling => _clients.Any(client => client is { HasExited: false });

    protected override async Task StartAsync()
    {
        if (!isBridged && !await IsRunningAsync(_server))
        {
            await StartServerAsync();
        }

        if (!await IsRunningAsync(_proxy))
        {
            await StartProxyAsync();
        }

        for (int i = 0; i < Callers.Length; i++)
        {
            if (!await IsRunningAsync(_clients[i]))
            {
                _clients[i]?.Dispose();
                _clients[i] = StartClient(Callers[i].Grant, Callers[i].Revision);
            }
        }
    }

    protected override async Task<IReadOnlyList<string>> EndAsync()
    {
        string[] said = await Task.WhenAll(_clients.Select(client => client!.StandardOutput.ReadToEndAsync()));
        await ProxyProcess.SignalAsync(_proxy!, "TERM");
        await _proxy!.WaitForExitAsync();
        Assert.Equal(0, _proxy.ExitCode);
        _server?.Kill();
        return said;
    }

    // Clients end where the proxy has, and servers where it was it that started them.
    protected override string[] EndingWith(string part) => part switch
    {
        "proxy" when isBridged => ["client", "proxy", "server"],
        "proxy" => ["client", "proxy"],
        "server" when !isBridged => ["server"],
        _ => [],
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (Process? process in (Process?[])[.. _clients, _proxy, _server])
        {
            process?.Dispose();
        }
    }

    // One that comes after another has its address.
    private async Task StartServerAsync()
    {
        string port = _upstream.Length == 0 ? "0" : new Uri(_upstream).Port.ToString(CultureInfo.InvariantCulture);
        _server?.Dispose();
        _server = Process.Start(new ProcessStartInfo(Server[0], [.. Server[1..], port]) { RedirectStandardOutput = true })!;
        _upstream = await _server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server went away.");
    }

    private async Task StartProxyAsync()
    {
        string[] options = ["--listen", "http://127.0.0.1:0", "--grants", WriteGrants(), .. Counters];

        // Servers of sessions whose clients were killed stay for a while.
        string[] command = isBridged
            ? ProxyProcess.Before(Server, policy, [.. options, "--max-children", "1000"])
            : ProxyProcess.Alone(policy, [.. options, "--upstream", _upstream]);
        command = ProxyProcess.HeedingSignals(command);
        _proxy?.Dispose();
        _proxy = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        await File.WriteAllTextAsync(Path.Combine(Processes, string.Create(CultureInfo.InvariantCulture, $"proxy-{_proxy.Id}")), "");
        _address = await ReadAddressAsync(_proxy.StandardError);

        // Nobody reads what else it says.
        _ = _proxy.StandardError.ReadToEndAsync();
    }

    private static async Task<string> ReadAddressAsync(StreamReader said)
    {
        const string Before = "Listening at ";
        while (await said.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(Before, StringComparison.Ordinal) is >= 0 and int start)
            {
                return line[(start + Before.Length)..];
            }
        }

        throw new InvalidOperationException("The proxy went away.");
    }

    private Process StartClient(int grant, string? revision)
    {
        string[] arguments = [Path.Combine(NodeScripts.Folder, "flood-http.mjs"), Processes, _address + "mcp", _tokens[grant]];
        return Process.Start(new ProcessStartInfo("node", revision is null ? arguments : [.. arguments, revision])
        {
            RedirectStandardOutput = true,
        })!;
    }

    private string WriteGrants()
    {
        string file = Path.Combine(Folder, "grants.json");
        string grants = string.Join(", ", Grants.Zip(_tokens, (id, token) =>
            $$"""{ "id": "{{id}}", "token_sha256": "{{GrantToken.Hash(token)}}" }"""));
        File.WriteAllText(file, $$"""{ "grants": [{{grants}}] }""");
        return file;
    }
}
