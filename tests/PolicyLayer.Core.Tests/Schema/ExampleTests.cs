namespace PolicyLayer.Tests.Schema;

public sealed class ExampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "schema", "examples");

    public static TheoryData<string> Names => new(Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_loads_without_a_finding(string name)
    {
        PolicyLoadResult result = Policy.Load(File.ReadAllBytes(Path.Combine(Folder, name)));

        Assert.Empty(result.Diagnostics.Select(finding => finding.ToString()));
        Assert.True(result.IsValid);
        Assert.Equal(name == "stellify.json" ? "default" : Path.GetFileNameWithoutExtension(name), result.Policy.Name);
    }

    [Theory]
    [InlineData("read-only-assistant", "get_page", "allowed", "")]
    [InlineData("read-only-assistant", "delete_page", "not_listed", "/default")]
    [InlineData("issue-tracker", "add_comment", "allowed", "")]
    [InlineData("issue-tracker", "close_issue", "action_deny", "/tools/close_issue/action")]
    [InlineData("issue-tracker", "admin_users", "hidden", "/hide/0")]
    [InlineData("code-runner", "run_tests", "allowed", "")]
    [InlineData("code-runner", "run_shell", "action_deny", "/tools/run_shell/action")]
    [InlineData("database-maintenance", "drop_index", "allowed", "")]
    [InlineData("database-maintenance", "drop_table", "action_deny", "/tools/drop_*/action")]
    [InlineData("payments", "refund_payment", "allowed", "")]
    [InlineData("payments", "payout_create", "action_deny", "/tools/payout_*/action")]
    [InlineData("open-by-default", "anything", "allowed", "")]
    [InlineData("open-by-default", "delete_file", "action_deny", "/tools/delete_*/action")]
    public async Task Examples_decide_as_they_describe(string example, string tool, string code, string rule)
    {
        var authorizer = new ToolCallAuthorizer(Policy.ParseFile(Path.Combine(Folder, example + ".json")), TestPolicies.OneGrant);

        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool));

        Assert.Equal((code, rule), (decision.Code.ToWireString(), decision.Rule));
    }

    [Fact]
    public async Task Two_tools_of_the_code_runner_share_one_quota()
    {
        var authorizer = new ToolCallAuthorizer(
            Policy.ParseFile(Path.Combine(Folder, "code-runner.json")),
            new ToolCallAuthorizerOptions { DefaultGrantId = "ci", TimeProvider = TestPolicies.ClockAt("2026-01-01T00:00:00Z") });
        for (int i = 0; i < 5; i++)
        {
            Assert.True((await authorizer.AuthorizeAsync(new ToolCall("run_code"))).IsAllowed);
            Assert.True((await authorizer.AuthorizeAsync(new ToolCall("run_tests"))).IsAllowed);
        }

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("run_tests"))).Code);
    }
}
