using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Tests.Mcp;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>Client, proxy and server, killed while calls are under way.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [NodeTheory]
    [InlineData(5)]
    public async Task No_more_calls_run_than_the_limit_lets_whoever_is_killed_and_no_process_stays(int seed)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int limit = Environment.GetEnvironmentVariable("POLICYLAYER_LONG_TESTS") == "1" ? 10_000 : 300;
        using var policy = new PolicyFile(string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "version": "1", "default": "deny",
              "tools": { "count": { "limits": [{ "counter": "calls", "window": "day", "max": {{limit}}, "algorithm": "sliding" }] } }
            }
            """));
        using var run = new Flood(policy.Path, output);
        var random = new Random(seed);

        while (run.Calls < limit * 3 / 4)
        {
            await run.KillAsync(random.Next(3), run.Calls + random.Next(1, limit / 10));
        }

        await run.RunOutAsync();

        // A call that was charged and then killed on its way never ran: eight at a time.
        Assert.InRange(run.Calls, limit - (8 * run.Kills) - 1, limit);
        Assert.True(run.Kills >= 5, $"{run.Kills} kills");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Calls} calls of {limit} ran, {run.Kills} kills."));
    }

    /// <summary>Runs of <c>flood.mjs</c> against one store of counters.</summary>
    private sealed class Flood(string policy, ITestOutputHelper output) : IDisposable
    {
        private static readonly string[] Parts = ["client", "proxy", "server"];

        private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-kill-").FullName;
        private Process? _client;

        public int Kills { get; private set; }

        /// <summary>How many calls reached servers.</summary>
        public int Calls => File.Exists(Record) ? (int)new FileInfo(Record).Length : 0;

        private string Record => Path.Combine(_folder, "calls");

        private string Ceiling => Path.Combine(_folder, "ceiling");

        private string Processes => Path.Combine(_folder, "processes");

        public void Dispose()
        {
            foreach (int id in Parts.SelectMany(Living))
            {
                Kill(id);
            }

            _client?.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        /// <summary>Lets calls run to a number, and kills one of three; where that ends the session, nobody of it stays.</summary>
        public async Task KillAsync(int part, int calls)
        {
            // However late the kill comes, calls are under way then, and not all of them are used up.
            LetAnswer(calls + 4);
            Start();
            while (Calls < calls && !_client!.HasExited)
            {
                await Task.Delay(1);
            }

            foreach (int id in Living(Parts[part]))
            {
                Kill(id);
                Kills++;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Parts[part]} killed at {Calls}"));
            if (Parts[part] != "server")
            {
                await GoneAsync();
            }
        }

        /// <summary>Lets the client run to the limit and end by itself.</summary>
        public async Task RunOutAsync()
        {
            LetAnswer(int.MaxValue);
            Start();
            string said = await _client!.StandardOutput.ReadToEndAsync();
            Assert.Equal("denied\n", said);
            await GoneAsync();
        }

        /// <summary>Lets the servers answer until so many calls reached them.</summary>
        private void LetAnswer(int calls)
        {
            File.WriteAllText(Ceiling + ".new", calls.ToString(CultureInfo.InvariantCulture));
            File.Move(Ceiling + ".new", Ceiling, overwrite: true);
        }

        private void Start()
        {
            if (_client is { HasExited: false })
            {
                return;
            }

            _client?.Dispose();
            Directory.CreateDirectory(Processes);
            string[] server = ["node", Path.Combine(NodeScripts.Folder, "recording-server.mjs"), Record, Ceiling, Processes];
            string[] proxy = ProxyProcess.Before(server, policy, "--counters", "sqlite:" + Path.Combine(_folder, "counters.db"));
            _client = Process.Start(new ProcessStartInfo("node", [Path.Combine(NodeScripts.Folder, "flood.mjs"), Processes, .. proxy])
            {
                RedirectStandardOutput = true,
            })!;
        }

        /// <summary>Waits until no process of the session is there.</summary>
        private async Task GoneAsync()
        {
            long start = TimeProvider.System.GetTimestamp();
            while (Parts.SelectMany(Living).ToArray() is { Length: > 0 } living)
            {
                Assert.True(
                    TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1),
                    $"Left behind: {string.Join(", ", living.Select(CommandLine))}");
                await Task.Delay(10);
            }

            await _client!.WaitForExitAsync();
            Directory.Delete(Processes, recursive: true);
        }

        // A number may be another process's by now: ours have the folder in their line.
        private IEnumerable<int> Living(string part) => !Directory.Exists(Processes)
            ? []
            : Directory.GetFiles(Processes, part + "-*")
                .Select(file => int.Parse(file[(file.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture))
                .Where(id => CommandLine(id).Contains(_folder, StringComparison.Ordinal));

        private static string CommandLine(int id)
        {
            try
            {
                return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"));
            }
            catch (IOException)
            {
                return "";
            }
        }

        private static void Kill(int id)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It went away by itself.
            }
        }
    }
}
