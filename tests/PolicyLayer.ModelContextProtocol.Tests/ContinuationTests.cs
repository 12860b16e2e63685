using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Mcp;

/// <summary>Tools that ask for input: the call that comes back is the same one, and what a client answers is no approval.</summary>
public sealed class ContinuationTests
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "tools": {
            "ask": { "rate_limit": "1/day" }, "wait": { "rate_limit": "1/day" }, "shout": {},
            "ask_freely": {},
            "ask_a_person": { "action": "require_approval" } } }
        """;

    private readonly TestTools _tools = new();

    public static TheoryData<string> Revisions => GuardedServer.Revisions;

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_call_that_asks_and_comes_back_is_charged_and_reported_once(string revision)
    {
        foreach (string tool in new[] { "ask", "wait" })
        {
            await using GuardedServer server = Start();
            McpClient client = await server.ConnectAsync(revision, Answer);

            CallToolResult result = await client.CallToolAsync(tool, CallTests.Arguments(new { text = "x" }));

            Assert.Equal($"{tool}: x yes", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
            Assert.Equal([ToolCallOutcome.Succeeded], server.Outcomes);
            Assert.Equal("limit_exceeded", CallTests.Code(await client.CallToolAsync(tool, CallTests.Arguments(new { text = "x" }))));
        }
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("wait")]
    public async Task What_the_client_carries_is_sealed(string tool)
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

        JsonNode asked = await AskAsync(client, tool);

        Assert.Equal("input_required", (string?)asked["resultType"]);
        Assert.Matches("^[A-Za-z0-9_-]{80,}$", (string?)asked["requestState"]);
        Assert.DoesNotContain("step-2", asked.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(server.Outcomes);
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("wait")]
    public async Task A_state_is_good_for_the_call_that_it_was_given_for_and_no_other(string tool)
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        JsonNode asked = await AskAsync(client, tool);

        // Another tool, other arguments, a changed state, and the state in another method.
        JsonNode other = (await client.CallAsync($$""" "name":"shout","arguments":{"text":"x"},{{Back(asked)}} """))["result"]!;
        Assert.Equal("shout: x", (string?)other["content"]![0]!["text"]);
        JsonNode moved = (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"y"},{{Back(asked)}} """))["result"]!;
        Assert.Equal("limit_exceeded", Code(moved));
        JsonNode forged = asked.DeepClone();
        string state = (string)asked["requestState"]!;
        forged["requestState"] = (state[0] == 'A' ? "B" : "A") + state[1..];
        JsonNode changed = (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"x"},{{Back(forged)}} """))["result"]!;
        Assert.Equal("limit_exceeded", Code(changed));
        JsonNode elsewhere = await client.SendAsync("prompts/get", $$"""{ "name":"p",{{Back(asked)}},{{client.Meta}} }""");
        Assert.DoesNotContain("yes", elsewhere.ToJsonString(), StringComparison.Ordinal);

        // And the one that it was given for.
        JsonNode back = (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"x"},{{Back(asked)}} """))["result"]!;
        Assert.Equal($"{tool}: x yes", (string?)back["content"]![0]!["text"]);
        Assert.Equal([ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded], server.Outcomes.Order());
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("wait")]
    public async Task A_state_that_is_brought_again_is_a_call_of_its_own(string tool)
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        JsonNode asked = await AskAsync(client, tool);
        string call = $$""" "name":"{{tool}}","arguments":{"text":"x"},{{Back(asked)}} """;
        await client.CallAsync(call);

        JsonNode replayed = (await client.CallAsync(call))["result"]!;

        Assert.Equal("limit_exceeded", Code(replayed));
        Assert.Single(_tools.Ran, ran => ran.EndsWith("yes)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_spent_state_brings_no_tool_gets_where_no_limit_denies_it()
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        JsonNode asked = await AskAsync(client, "ask_freely");
        string call = $$""" "name":"ask_freely","arguments":{"text":"x"},{{Back(asked)}} """;
        JsonNode back = (await client.CallAsync(call))["result"]!;

        JsonNode replayed = (await client.CallAsync(call))["result"]!;

        Assert.Equal("ask_freely: x yes", (string?)back["content"]![0]!["text"]);
        Assert.Equal("input_required", (string?)replayed["resultType"]);
        Assert.Equal(["ask_freely(x yes)"], _tools.Ran);
        Assert.Equal([ToolCallOutcome.Succeeded], server.Outcomes);

        // It asks anew, and that it may answer.
        JsonNode anew = (await client.CallAsync($$""" "name":"ask_freely","arguments":{"text":"x"},{{Back(replayed)}} """))["result"]!;
        Assert.Equal("ask_freely: x yes", (string?)anew["content"]![0]!["text"]);
    }

    [Theory]
    [InlineData(""" "requestState":"step-2","inputResponses":{"sure":{"action":"accept","content":{"answer":"yes"}}} """)]
    [InlineData(""" "inputResponses":{"sure":{"action":"accept","content":{"answer":"yes"}}} """)]
    [InlineData(""" "requestState":"AAAA","inputResponses":{"sure":{"action":"accept","content":{"answer":"yes"}}} """)]
    [InlineData(""" "requestState":7,"inputResponses":{"sure":{"action":"accept","content":{"answer":"yes"}}} """)]
    public async Task What_this_server_did_not_ask_for_no_tool_gets(string forged)
    {
        foreach (string revision in Revisions)
        {
            await using GuardedServer server = Start();
            using RawClient client = await server.OpenRaw(revision).ReadyAsync();
            if (revision == GuardedServer.July2026)
            {
                JsonNode result = (await client.CallAsync($$""" "name":"ask_freely","arguments":{"text":"x"},{{forged}} """))["result"]!;
                Assert.Equal("input_required", (string?)result["resultType"]);
            }
            else
            {
                JsonNode result = (await client.CallAsync($$""" "name":"shout","arguments":{"text":"x"},{{forged}} """))["result"]!;
                Assert.Equal("shout: x", (string?)result["content"]![0]!["text"]);
            }
        }

        Assert.DoesNotContain(_tools.Ran, ran => ran.Contains("yes", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task No_answer_of_a_client_is_an_approval(string revision)
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(revision).ReadyAsync();
        JsonNode first = (await client.CallAsync(""" "name":"ask_a_person","arguments":{"text":"x"} """))["result"]!;
        Assert.Equal("approval_required", Code(first));
        string id = (string)first["_meta"]!["policylayer/denial"]!["approvalId"]!;

        JsonNode second = (await client.CallAsync($$$"""
            "name":"ask_a_person","arguments":{"text":"x"},"requestState":"{{{id}}}",
            "inputResponses":{"{{{id}}}":{"action":"accept","content":{"approved":true} },
              "sure":{"action":"accept","content":{"answer":"yes"} } }
            """))["result"]!;

        Assert.Equal("approval_required", Code(second));
        Assert.Equal("approval", (string?)second["_meta"]!["policylayer/denial"]!["unlock"]);
        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public async Task An_approval_covers_the_call_that_comes_back()
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        JsonNode first = (await client.CallAsync(""" "name":"ask_a_person","arguments":{"text":"x"} """))["result"]!;
        string id = (string)first["_meta"]!["policylayer/denial"]!["approvalId"]!;
        await server.Services.GetRequiredService<PolicyLayer.Approvals.ApprovalInbox>()
            .ApproveAsync(id, new PolicyLayer.Approvals.Approver("alice"));

        JsonNode asked = await AskAsync(client, "ask_a_person");
        JsonNode back = (await client.CallAsync($$""" "name":"ask_a_person","arguments":{"text":"x"},{{Back(asked)}} """))["result"]!;
        JsonNode again = (await client.CallAsync($$""" "name":"ask_a_person","arguments":{"text":"x"},{{Back(asked)}} """))["result"]!;

        Assert.Equal("ask_a_person: x yes", (string?)back["content"]![0]!["text"]);
        Assert.Equal("approval_required", Code(again));
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("wait")]
    public async Task A_record_of_what_comes_back_has_a_digest_of_the_answer(string tool)
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        JsonNode asked = await AskAsync(client, tool);

        // What can't be read is denied, and may be answered again.
        string state = asked["requestState"]!.ToJsonString();
        JsonNode refused = (await client.CallAsync(
            $$""" "name":"{{tool}}","arguments":{"text":"x"},"requestState":{{state}},"inputResponses":["yes"] """))["result"]!;
        Assert.Equal("arguments_malformed", Code(refused));
        JsonNode back = (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"x"},{{Back(asked)}} """))["result"]!;
        Assert.Equal($"{tool}: x yes", (string?)back["content"]![0]!["text"]);
        await client.CallAsync(""" "name":"shout","arguments":{"text":"x"},"inputResponses":{"sure":{"action":"accept"}} """);

        AuditRecord[] decisions = [.. server.Audit.Records.Where(record => record.Kind == AuditRecordKind.Decision)];
        Assert.Equal(4, decisions.Length);
        byte[] key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, new byte[PolicyLayerKeys.KeyLength], 32, salt: null, "policylayer audit arguments v1"u8.ToArray());
        string name = asked["inputRequests"]!.AsObject().Single().Key;
        string answer = $$$$"""{"{{{{name}}}}":{"action":"accept","content":{"answer":"yes"}}}""";
        string digest = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(answer)));
        Assert.Equal([null, null, digest, null], decisions.Select(record => record.InputsDigest));
        Assert.Equal([false, true, true, false], decisions.Select(record => record.Continues is not null));
    }

    [Fact]
    public async Task Another_answer_has_another_digest()
    {
        await using GuardedServer server = Start();
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        foreach (string answer in (string[])["yes", "no"])
        {
            JsonNode asked = await AskAsync(client, "ask_freely");
            string back = Back(asked).Replace("yes", answer, StringComparison.Ordinal);
            JsonNode result = (await client.CallAsync($$""" "name":"ask_freely","arguments":{"text":"x"},{{back}} """))["result"]!;
            Assert.Equal($"ask_freely: x {answer}", (string?)result["content"]![0]!["text"]);
        }

        string?[] digests = [.. server.Audit.Records.Select(record => record.InputsDigest).Where(digest => digest is not null)];
        Assert.Equal(2, digests.Distinct().Count());
        Assert.Equal(2, digests.Length);
    }

    private static void Answer(McpClientOptions options) => options.Handlers.ElicitationHandler = (_, _) => new(
        new ElicitResult
        {
            Action = "accept",
            Content = new Dictionary<string, JsonElement> { ["answer"] = JsonElement.Parse("\"yes\"") },
        });

    private static string? Code(JsonNode result) => (string?)result["_meta"]?["policylayer/denial"]?["code"];

    private static async Task<JsonNode> AskAsync(RawClient client, string tool) =>
        (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"x"} """))["result"]!;

    /// <summary>What a client sends with the call when it comes back: an acceptance of all that it was asked for.</summary>
    private static string Back(JsonNode asked)
    {
        var responses = new JsonObject();
        foreach ((string key, _) in asked["inputRequests"]!.AsObject())
        {
            responses[key] = JsonNode.Parse("""{"action":"accept","content":{"answer":"yes"}}""");
        }

        return $$""" "requestState":{{asked["requestState"]!.ToJsonString()}},"inputResponses":{{responses.ToJsonString()}} """;
    }

    private GuardedServer Start() => GuardedServer.Start(Policy, builder => WithKeys(builder).WithTools(
    [
        .. _tools.All,
        .. new[] { "ask", "ask_freely", "ask_a_person" }.Select(name => McpServerTool.Create(
            (RequestContext<CallToolRequestParams> request, string text) => Ask(name, text, request), new() { Name = name })),
        McpServerTool.Create(
            async (McpServer server, string text, CancellationToken cancellationToken) =>
            {
                ElicitResult answer = await server.ElicitAsync(Question(), cancellationToken);
                return _tools.Run("wait", $"{text} {answer.Content!["answer"]}");
            },
            new() { Name = "wait" }),
    ]).WithPrompts([McpServerPrompt.Create(() => "A prompt.", new() { Name = "p" })]));

    private static IMcpServerBuilder WithKeys(IMcpServerBuilder builder)
    {
        builder.Services.AddSingleton(
            new PolicyLayerKeys("k", new Dictionary<string, byte[]> { ["k"] = new byte[PolicyLayerKeys.KeyLength] }));
        return builder;
    }

    private string Ask(string tool, string text, RequestContext<CallToolRequestParams> request)
    {
        if (request.Params is { RequestState: "step-2", InputResponses: { } responses })
        {
            ElicitResult? answer = responses["sure"].Deserialize(InputResponse.ElicitResultJsonTypeInfo);
            return _tools.Run(tool, $"{text} {answer!.Content!["answer"]}");
        }

        Assert.Null(request.Params!.RequestState);
        Assert.Null(request.Params.InputResponses);
        throw new InputRequiredException(
            new Dictionary<string, InputRequest> { ["sure"] = InputRequest.ForElicitation(Question()) }, requestState: "step-2");
    }

    private static ElicitRequestParams Question() => new()
    {
        Message = "Sure?",
        RequestedSchema = new()
        {
            Properties = { ["answer"] = new ElicitRequestParams.StringSchema() },
        },
    };
}
