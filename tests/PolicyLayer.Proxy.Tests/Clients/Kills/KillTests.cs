using System.Globalization;
using PolicyLayer.Tests.Mcp;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Proxy.Clients.Kills;

/// <summary>Client, proxy and server, killed while calls are under way.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("POLICYLAYER_LONG_TESTS") == "1";

    private static readonly int Limit = IsLong ? 10_000 : 300;

    /// <summary>So many calls at most run between two kills.</summary>
    private static readonly int Most = IsLong ? 500 : 30;

    private static readonly string Policy = string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "version": "1", "default": "deny",
          "tools": {
            "count": { "limits": [{ "counter": "calls", "window": "day", "max": {{Limit}}, "algorithm": "sliding", "scope": "policy" }] }
          }
        }
        """);

    [NodeTheory]
    [InlineData(5)]
    public Task No_more_calls_run_than_the_limit_lets_whoever_is_killed_and_no_process_stays(int seed) =>
        KillAsync(policy => new StdioFlood(policy, output), seed);

    [NodeTheory]
    [InlineData(51)]
    public Task Nor_over_HTTP_before_a_server_of_HTTP(int seed) =>
        KillAsync(policy => new HttpFlood(policy, isBridged: false, output), seed);

    [NodeTheory]
    [InlineData(67)]
    public Task Nor_over_HTTP_before_processes(int seed) => KillAsync(policy => new HttpFlood(policy, isBridged: true, output), seed);

    private async Task KillAsync(Func<string, Flood> prepare, int seed)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var policy = new PolicyFile(Policy);
        await using Flood run = prepare(policy.Path);
        var random = new Random(seed);
        for (int kill = 0; run.Calls < Limit * 3 / 4; kill++)
        {
            Assert.True(kill < 100, "Calls that were killed used up the limit.");
            await run.KillAsync(kill < 3 ? kill : random.Next(3), run.Calls + random.Next(1, Most), random);
        }

        await run.RunOutAsync();

        // A call that was charged and then killed on its way never ran.
        Assert.InRange(run.Calls, Limit - (run.InFlight * run.Kills) - 1, Limit);
        Assert.True(run.Kills >= 5, $"{run.Kills} kills");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Calls} calls of {Limit} ran, {run.Kills} kills."));
    }
}
