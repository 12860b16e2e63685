using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace PolicyLayer.Tests.Mcp;

/// <summary>
/// The official TypeScript clients see the same tools and results where nothing is forbidden, and denials that they take where it is.
/// </summary>
public sealed class TypeScriptClientTests
{
    private static readonly string Server = Path.Combine(AppContext.BaseDirectory, "McpServer.dll");
    private static readonly string Policy = Path.Combine(AppContext.BaseDirectory, "policy.json");

    [NodeTheory]
    [InlineData("sdk", null)]
    [InlineData("client", null)]
    [InlineData("client-legacy", null)]
    [InlineData("sdk", "--stateful")]
    [InlineData("client", "--stateless")]
    public async Task A_client_of_another_maker_works_and_meets_the_policy(string client, string? http)
    {
        JsonObject plain = await UseAsync(client, http, []);
        JsonObject guarded = await UseAsync(client, http, ["--policy", Policy]);

        // Same tools but the hidden one, whole and in order.
        string[] shown =
            [.. plain["tools"]!.AsArray().Where(tool => (string?)tool!["name"] != "secret").Select(tool => tool!.ToJsonString())];
        Assert.Equal(10, shown.Length);
        Assert.Equal(shown, guarded["tools"]!.AsArray().Select(tool => tool!.ToJsonString()));
        foreach (string step in new[] { "echo", "limited 1", "limited 2", "sum", "asks", "counts", "waits", "prompt", "resource" })
        {
            Assert.Equal(plain[step]!.ToJsonString(), guarded[step]!.ToJsonString());
        }

        Assert.Equal("[1,2,3]", guarded["counts"]!["progress"]!.ToJsonString());
        Assert.Equal("Hello, Ada", (string?)guarded["asks"]!["content"]![0]!["text"]);
        Assert.Contains("enough", (string?)guarded["waits"]!["thrown"], StringComparison.Ordinal);
        (string Step, string Code, bool IsStructured)[] denials =
        [
            ("echo too long", "arguments_invalid", true), ("limited 3", "limit_exceeded", true), ("per session 2", "limit_exceeded", true),
            ("sum of large numbers", "require_failed", false), ("closed_sum", "action_deny", false), ("secret", "hidden", true),
            ("closed", "action_deny", true), ("unheard of", "not_listed", true), ("asks again", "limit_exceeded", true),
        ];
        foreach ((string step, string code, bool isStructured) in denials)
        {
            JsonNode result = guarded[step]!;
            Assert.True((bool?)result["isError"], $"{step}: {result.ToJsonString()}");
            Assert.Equal(code, (string?)result["_meta"]!["policylayer/denial"]!["code"]);
            Assert.Equal(isStructured ? code : null, (string?)result["structuredContent"]?["code"]);
            Assert.StartsWith("[POLICY DENIED] ", (string?)result["content"]![0]!["text"], StringComparison.Ordinal);
        }
    }

    // Without sessions the SDK's server grants no subscription over HTTP: there clients ask again when their list is too old.
    [NodeFact]
    public async Task A_client_of_a_session_over_HTTP_hears_of_an_edit_of_the_policys_file()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string policy = Path.Combine(folder, "policy.json");
        File.Copy(Policy, policy);
        using Process server = Start("dotnet", [Server, "--listen", "http://127.0.0.1:0", "--stateful", "--policy", policy]);
        try
        {
            string address = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server went away.");
            using Process node = Start("node", [Path.Combine(NodeTheoryAttribute.Folder, "pipe-client.mjs"), "listens", address], true);
            Assert.Equal("listening", await node.StandardOutput.ReadLineAsync());
            string edited = await File.ReadAllTextAsync(policy);
            await File.WriteAllTextAsync(
                policy + ".new", edited.Replace("[\"secret\"]", "[\"secret\", \"echo\"]", StringComparison.Ordinal));
            File.Move(policy + ".new", policy, overwrite: true);

            string output = await node.StandardError.ReadToEndAsync();
            await node.WaitForExitAsync();
            Assert.True(node.ExitCode == 0, output);
            JsonNode seen = JsonNode.Parse(output)!;
            Assert.Equal(GuardedServer.November2025, (string?)seen["revision"]);
            Assert.Contains("echo", seen["before"]!.AsArray().Select(name => (string?)name));
            Assert.Equal(
                seen["before"]!.AsArray().Select(name => (string?)name).Where(name => name != "echo"),
                seen["after"]!.AsArray().Select(name => (string?)name));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JsonObject> UseAsync(string client, string? http, string[] arguments)
    {
        if (http is null)
        {
            return await RunAsync([client, "stdio", "dotnet", Server, .. arguments]);
        }

        using Process server = Start("dotnet", [Server, "--listen", "http://127.0.0.1:0", http, .. arguments]);
        try
        {
            string address = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server went away.");
            return await RunAsync([client, "http", address, "ci", "a-session"]);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    private static async Task<JsonObject> RunAsync(string[] arguments)
    {
        using Process node = Start("node", [Path.Combine(NodeTheoryAttribute.Folder, "use-server.mjs"), .. arguments]);
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return JsonNode.Parse(output)!["seen"]!.AsObject();
    }

    private static Process Start(string program, string[] arguments, bool redirectsError = false) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = redirectsError,
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
}
