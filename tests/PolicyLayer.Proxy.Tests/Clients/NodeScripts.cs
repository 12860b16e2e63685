using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using PolicyLayer.Tests.Mcp;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>Runs the scripts of <c>tests/node</c>, in which official clients use a server and print what they saw.</summary>
internal static class NodeScripts
{
    public static string Folder => NodeTheoryAttribute.Folder;

    /// <summary>Runs a script to its end, and returns the object that it printed.</summary>
    public static async Task<JsonObject> RunAsync(string script, params string[] arguments)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> error = node.StandardError.ReadToEndAsync(deadline.Token);
            string output = await node.StandardOutput.ReadToEndAsync(deadline.Token);
            await node.WaitForExitAsync(deadline.Token);
            Assert.True(node.ExitCode == 0, $"{script} ended with {node.ExitCode}: {await error}");
            return JsonNode.Parse(output)!.AsObject();
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }
}
