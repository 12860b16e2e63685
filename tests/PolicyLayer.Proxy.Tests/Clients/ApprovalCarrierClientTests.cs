using System.Diagnostics;
using System.Text.Json.Nodes;
using PolicyLayer.Approvals;
using PolicyLayer.Tests.Mcp;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>The newest official client shows the address where a person approves, and comes back by itself.</summary>
public sealed class ApprovalCarrierClientTests
{
    private const string Policy = """{ "version": "1", "default": "deny", "tools": { "echo": { "action": "require_approval" } } }""";

    [NodeTheory]
    [InlineData("visit")]
    [InlineData("accept")]
    [InlineData("decline")]
    public async Task Over_standard_input_and_output(string mode)
    {
        using var policy = new PolicyFile(Policy);
        using var recording = new Recording();
        await using ApprovalDesk desk = await ApprovalDesk.StartAsync();
        string[] store = ["sqlite:" + Path.Combine(Path.GetDirectoryName(policy.Path)!, "agent.db"), "--plain-approvals"];
        desk.Approve = id => RunAsync(ProxyProcess.Command(["approvals", "approve", id, "--once", "--store", .. store]));
        string[] proxied = recording.Around(
            server => ProxyProcess.Before(server, policy.Path, ["--approval-url", desk.Template, "--counters", .. store]),
            ProxyProcess.Sample);

        JsonObject seen = await NodeScripts.RunAsync("show-address.mjs", [mode, "stdio", .. proxied]);

        RequireShown(seen, desk, mode == "visit");
        RequireCalls(recording.ToServer(), mode == "visit");
    }

    [NodeTheory]
    [InlineData("visit")]
    [InlineData("accept")]
    public async Task Over_http(string mode)
    {
        await using ServerProcess server = await ServerProcess.StartAsync([.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0"]);
        await using HttpRecorder behind = await HttpRecorder.StartAsync(server.Address);
        await using ApprovalDesk desk = await ApprovalDesk.StartAsync();
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(
            Policy, behind.Address, options => options.Guard.ApprovalUrl = desk.Template);
        desk.Approve = id => proxy.Approvals.ApproveAsync(id, new Approver("bob")).AsTask();

        JsonObject seen = await NodeScripts.RunAsync("show-address.mjs", mode, "http", $"{proxy.Address}", proxy.Token);

        RequireShown(seen, desk, mode == "visit");
        RequireCalls(behind.Requests, mode == "visit");
    }

    [NodeTheory]
    [InlineData("visit")]
    public async Task Over_http_before_a_process(string mode)
    {
        using var recording = new Recording();
        await using ApprovalDesk desk = await ApprovalDesk.StartAsync();
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(
            Policy, recording.Around(server => server, ProxyProcess.Sample), options => options.Guard.ApprovalUrl = desk.Template);
        desk.Approve = id => proxy.Approvals.ApproveAsync(id, new Approver("bob")).AsTask();

        JsonObject seen = await NodeScripts.RunAsync("show-address.mjs", mode, "http", $"{proxy.Address}", proxy.Token);

        RequireShown(seen, desk, isApproved: true);
        RequireCalls(recording.ToServer(), isApproved: true);
    }

    /// <summary>The first call ran if it was approved; what still waits was told in words.</summary>
    private static void RequireShown(JsonObject seen, ApprovalDesk desk, bool isApproved)
    {
        Assert.Equal("2026-07-28", (string?)seen["revision"]);
        JsonArray asked = seen["asked"]!.AsArray();
        Assert.Equal(2, asked.Count);
        Assert.All(asked, each => Assert.StartsWith(desk.Template.Replace("{id}", "", StringComparison.Ordinal), (string?)each!["url"]));
        Assert.Equal(!isApproved, (string?)asked[0]!["url"] == (string?)asked[1]!["url"]);

        JsonArray answers = seen["answers"]!.AsArray();
        Assert.Equal(isApproved, TextOf(answers[0]!) == "a \"b\" é");
        Assert.All(answers.Skip(isApproved ? 1 : 0), each =>
        {
            Assert.True((bool?)each!["isError"]);
            Assert.Contains(" Call again with the same arguments once the request ", TextOf(each), StringComparison.Ordinal);
        });
    }

    private static void RequireCalls(IEnumerable<string> messages, bool isApproved)
    {
        string[] calls = [.. messages.Where(message => message.Contains("tools/call", StringComparison.Ordinal))];
        Assert.Equal(isApproved ? 1 : 0, calls.Length);
        Assert.All(calls, call =>
        {
            Assert.DoesNotContain("requestState", call, StringComparison.Ordinal);
            Assert.DoesNotContain("inputResponses", call, StringComparison.Ordinal);
        });
    }

    private static string? TextOf(JsonNode answer) => (string?)answer["content"]![0]!["text"];

    private static async Task RunAsync(string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
