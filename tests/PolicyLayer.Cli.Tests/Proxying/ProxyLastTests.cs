using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using PolicyLayer.Cli;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary>A proxy over HTTP whose end can't be waited for any more.</summary>
public sealed class ProxyLastTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LogFolder _folder = new();

    [UnixFact]
    public async Task It_ends_servers_that_heed_nothing()
    {
        string starts = _folder.In("starts");
        var said = new Pipe();
        using var lines = new StreamReader(said.Reader.AsStream());
        using var last = new CancellationTokenSource();
        using var asked = new CancellationTokenSource();
        var environment = new CommandEnvironment
        {
            Input = Stream.Null,
            Output = Stream.Null,
            Error = new StreamWriter(said.Writer.AsStream(), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true },
            Last = last.Token,
        };
        Task<int> run = PolicyLayerCommand.RunAsync(
            [
                "proxy", ProxyProcess.Policy(_folder, """{"echo":{}}"""), "--grant", "all", "--listen", "http://127.0.0.1:0", "--",
                .. ProxyProcess.Server, $"STARTS={starts}", "MODE=deaf",
            ],
            environment,
            asked.Token);
        await OpenSessionAsync(lines);
        using var server = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(starts), CultureInfo.InvariantCulture));

        await last.CancelAsync();

        await server.WaitForExitAsync().WaitAsync(Patience);
        Assert.False(run.IsCompleted);
        await asked.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(Patience));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task OpenSessionAsync(StreamReader said)
    {
        const string Before = "Listening at ";
        string? line;
        do
        {
            line = await said.ReadLineAsync().WaitAsync(Patience);
        }
        while (line?.StartsWith(Before, StringComparison.Ordinal) == false);
        using var client = new HttpClient();
        using var body = new StringContent(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""",
            Encoding.UTF8,
            "application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri(line![Before.Length..]), body);
        answer.EnsureSuccessStatusCode();
    }
}
