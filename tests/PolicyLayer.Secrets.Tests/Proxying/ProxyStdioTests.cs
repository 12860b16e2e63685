using System.Text;
using System.Text.Json;
using PolicyLayer.Tests.Cli;
using PolicyLayer.Tests.Secrets.Searching;
using PolicyLayer.Tests.Secrets.Witnesses;

namespace PolicyLayer.Tests.Secrets.Proxying;

/// <summary>What <c>policylayer proxy</c> prints, answers and writes down says nothing of what clients say.</summary>
public sealed class ProxyStdioTests : IDisposable
{
    private static readonly string Server = Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Proxy.Upstream.dll");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policylayer-secrets-");
    private readonly Plant _plant = new();
    private readonly Witness _witness = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_standard_input_and_output(bool isJson)
    {
        var messages = new PlantedMessages(_plant);
        string policy = FileOf("policy.json");
        await File.WriteAllTextAsync(policy, PlantedMessages.Policy);
        string told = _plant.Text("name of the server");
        string[] lines = [.. messages.Judged(), .. messages.Refused()];
        string[] options =
        [
            "--audit", FileOf("audit.jsonl"), "--counters", "sqlite:" + FileOf("store.db"), "--approvals", "memory", "--server", told,
            .. isJson ? ["--json"] : (string[])[],
        ];

        using var activities = new ActivityWitness(_witness);
        using var metrics = new MetricWitness(_witness);
        using var events = new EventWitness(_witness);
        Command run = await Command.RunAsync(
            new Command.Setup { Input = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), Time = TimeProvider.System },
            ["proxy", policy, .. options, "--", "dotnet", Server, "MODE="]);

        Assert.True(run.ExitCode == 0, run.Error);
        See(run);
        metrics.Observe();
        _witness.SeeFiles("log", _folder.FullName, "audit*");
        _witness.SeeFiles("counters", _folder.FullName, "store*");
        Secret shown = _plant.Secrets.Single(secret => secret.Value == told);
        Assert.Equal(["log", "standard error"], _witness.PlacesOf(shown).Order());
        _witness.AssertHasNone(_plant.Secrets.Where(secret => secret != shown));
    }

    /// <summary>Answers of the proxy's own: the server's have what it was told.</summary>
    private void See(Command run)
    {
        _witness.See("standard error", run.Error);
        JsonElement[] own = [.. run.Lines.Where(line =>
            line.TryGetProperty("error", out _) || line.GetProperty("result").TryGetProperty("_meta", out _))];
        Assert.InRange(own.Length, 20, run.Lines.Count - 3);
        Array.ForEach(own, line => _witness.See("answers", line.GetRawText()));
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);
}
