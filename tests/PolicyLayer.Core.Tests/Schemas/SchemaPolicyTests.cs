using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Schemas;

/// <summary>Schemas in a policy, asked through the authorizer.</summary>
public sealed class SchemaPolicyTests
{
    private const string Id = "123e4567-e89b-12d3-a456-426614174000";

    private static readonly string[] ServerCalls =
    [
        "+ echo {\"message\":\"hi\"}",
        "- echo {\"message\":1}",
        "- echo {}",
        "- echo",
        "+ get-annotated-message {\"messageType\":\"error\",\"includeImage\":true}",
        "- get-annotated-message {\"messageType\":\"fatal\"}",
        "- get-annotated-message {\"messageType\":\"error\",\"includeImage\":\"true\"}",
        "+ get-env",
        "+ get-env {\"anything\":1}",
        "+ get-resource-links {\"count\":10}",
        "- get-resource-links {\"count\":10.5}",
        "- get-resource-links {\"count\":0}",
        "+ get-resource-reference {\"resourceType\":\"Blob\",\"resourceId\":2}",
        "- get-resource-reference {\"resourceType\":\"blob\"}",
        "+ get-structured-content {\"location\":\"New York\"}",
        "- get-structured-content {\"location\":\"Boston\"}",
        "+ get-sum {\"a\":1e400,\"b\":-0}",
        "- get-sum {\"a\":1}",
        "- get-sum {\"a\":1,\"b\":\"2\"}",
        "+ get-tiny-image {}",
        "+ gzip-file-as-resource {\"data\":\"data:text/plain;base64,SGk=\",\"outputType\":\"resource\"}",
        "- gzip-file-as-resource {\"data\":\"not a uri\"}",
        "- gzip-file-as-resource {\"outputType\":\"other\"}",
        "+ toggle-simulated-logging",
        "+ toggle-subscriber-updates {}",
        "+ trigger-long-running-operation {\"duration\":0.5,\"steps\":3}",
        "- trigger-long-running-operation {\"duration\":null}",
        "+ get-roots-list",
        "+ trigger-elicitation-request",
        "+ trigger-sampling-request {\"prompt\":\"p\",\"maxTokens\":5}",
        "- trigger-sampling-request {\"maxTokens\":5}",
        "+ simulate-research-query {\"topic\":\"t\"}",
        "- simulate-research-query {\"topic\":\"t\",\"ambiguous\":1}",
    ];

    [Fact]
    public async Task Strict_example_lets_two_uuids_pass_and_nothing_else()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PolicyLayer.Core.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        Policy policy = Policy.ParseFile(Path.Combine(folder, "schema", "examples", "run-code-strict.json"));
        const string At = "/tools/run_code/arguments";
        await Expect(policy, "run_code", $$"""{"file":"{{Id}}","method":"{{Id}}"}""", null, null);
        await Expect(
            policy, "run_code", $$"""{"file":"a.ts","method":"{{Id}}"}""", At + "/properties/file/format",
            "`/file` must have the format `uuid`.");
        await Expect(policy, "run_code", $$"""{"file":"{{Id}}"}""", At + "/required", "The arguments must have `method`.");
        await Expect(
            policy, "run_code", $$"""{"file":"{{Id}}","method":"{{Id}}","x":1}""", At + "/additionalProperties",
            "Only `file` and `method` may be given.");
        await Expect(policy, "run_code", null, At + "/required", "The arguments must have `file` and `method`.");
    }

    [Fact]
    public async Task Schema_decides_after_the_entry_and_before_limits()
    {
        Policy policy = Policy.Parse(
            """
            {"version":"1","default":"allow","hide":["h"],"tools":{
              "h":{"arguments":false},
              "t":{"arguments":{"maxProperties":0},"limits":[{"counter":"c","window":"hour","max":1}]}}}
            """);
        var authorizer = new ToolCallAuthorizer(policy, TestPolicies.OneGrant);
        Assert.Equal(DecisionCode.Hidden, (await authorizer.AuthorizeAsync(new ToolCall("h"))).Code);
        byte[] bad = Encoding.UTF8.GetBytes("""{"a":1}""");
        Assert.Equal(DecisionCode.ArgumentsInvalid, (await authorizer.AuthorizeAsync(new ToolCall("t", bad))).Code);
        Assert.Equal(DecisionCode.ArgumentsInvalid, (await authorizer.AuthorizeAsync(new ToolCall("t", bad))).Code);
        Assert.Equal(
            DecisionCode.ArgumentsMalformed, (await authorizer.AuthorizeAsync(new ToolCall("t", Encoding.UTF8.GetBytes("{")))).Code);
        Assert.Equal(DecisionCode.Allowed, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public void Schema_under_deny_is_an_error()
    {
        PolicyLoadResult result = Policy.Load(
            """{"version":"1","default":"deny","tools":{"t":{"action":"deny","arguments":{"type":"object"}}}}"""u8);
        Assert.Equal("PL1303", Assert.Single(result.Diagnostics).Id);
    }

    [Fact]
    public async Task A_real_servers_schemas_judge_its_calls()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Schemas", "data", "server-everything.tools.json");
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
        var tools = document.RootElement.GetProperty("tools").EnumerateArray()
            .ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.GetProperty("inputSchema").GetRawText());
        string entries = string.Join(',', tools.Select(tool => $"\"{tool.Key}\":{{\"arguments\":{tool.Value}}}"));
        PolicyLoadResult loaded = Policy.Load(Encoding.UTF8.GetBytes($$$"""{"version":"1","default":"deny","tools":{{{{entries}}}}}"""));
        Assert.Empty(loaded.Diagnostics);

        var authorizer = new ToolCallAuthorizer(loaded.Policy!, TestPolicies.OneGrant);
        foreach (string row in ServerCalls)
        {
            string[] parts = row.Split(' ', 3);
            ToolArguments arguments = Read(parts.Length == 3 ? parts[2] : null);
            ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(parts[1], arguments));
            DecisionCode expected = parts[0] == "+" ? DecisionCode.Allowed : DecisionCode.ArgumentsInvalid;
            Assert.True(expected == decision.Code, $"{row}: {decision.Code} {decision.Message}");
            tools.Remove(parts[1]);
        }

        Assert.Empty(tools);
    }

    private static ToolArguments Read(string? json) => json is null ? ToolArguments.None : ToolArguments.FromJson(json);

    private static async Task Expect(Policy policy, string tool, string? arguments, string? rule, string? message)
    {
        var authorizer = new ToolCallAuthorizer(policy, TestPolicies.OneGrant);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool, Read(arguments)));
        if (rule is null)
        {
            Assert.True(decision.IsAllowed, decision.Message);
            return;
        }

        Assert.Equal(
            (DecisionCode.ArgumentsInvalid, rule, "[POLICY DENIED] " + message), (decision.Code, decision.Rule, decision.Message));
    }
}
