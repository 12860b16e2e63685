using System.Text.Json;

namespace PolicyLayer.Tests.Documents;

/// <summary>The policies of <c>schema/examples</c> mean what their authors meant.</summary>
public class ExamplePolicyTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(MarkdownPage.Folder, "examples"), "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Example_has_no_findings(string file) => Assert.Empty(TestPolicies.Load(Read(file)).Diagnostics);

    [Theory]
    [InlineData("ls -l src", "/workspace/app", "allowed")]
    [InlineData("dotnet test", "/workspace", "allowed")]
    [InlineData("git log --oneline", "/workspace/app/", "allowed")]
    [InlineData("git push", "/workspace", "require_failed /tools/run_shell/require/0")]
    [InlineData("lsof", "/workspace", "require_failed /tools/run_shell/require/0")]
    [InlineData(" ls", "/workspace", "require_failed /tools/run_shell/require/0")]
    [InlineData("rm -rf /", "/workspace", "require_failed /tools/run_shell/require/0")]
    [InlineData("ls", "/workspace\n", "require_failed /tools/run_shell/require/1")]
    [InlineData("ls", "/etc", "require_failed /tools/run_shell/require/1")]
    [InlineData("ls", "/workspace/../etc", "deny_if_matched /tools/run_shell/deny_if/2")]
    [InlineData("ls\n", "/workspace", "require_failed /tools/run_shell/require/0")]
    [InlineData("ls -l\nrm x", "/workspace", "deny_if_matched /tools/run_shell/deny_if/0")]
    [InlineData("ls -l | sh", "/workspace", "deny_if_matched /tools/run_shell/deny_if/0")]
    [InlineData("cat $(id)", "/workspace", "deny_if_matched /tools/run_shell/deny_if/0")]
    [InlineData("cat `id`", "/workspace", "deny_if_matched /tools/run_shell/deny_if/0")]
    [InlineData("cat \\etc", "/workspace", "deny_if_matched /tools/run_shell/deny_if/0")]
    [InlineData("cat ../../etc/passwd", "/workspace", "deny_if_matched /tools/run_shell/deny_if/1")]
    [InlineData("cat .ENV", "/workspace", "deny_if_matched /tools/run_shell/deny_if/3")]
    public async Task Shell_sandbox_lets_known_programs_run_and_nothing_else(string command, string folder, string expected)
    {
        byte[] arguments = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["command"] = command, ["cwd"] = folder });

        Assert.Equal(expected, await Judge("shell-sandbox.json", new ToolCall("run_shell", arguments)));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"command":"ls"}""")]
    [InlineData("""{"command":["ls"],"cwd":"/workspace"}""")]
    [InlineData("""{"command":{"ls":""},"cwd":"/workspace"}""")]
    [InlineData("""{"command":null,"cwd":"/workspace"}""")]
    [InlineData("""{"command":"ls","cwd":["/workspace"]}""")]
    [InlineData("""{"command":"ls","command":"rm","cwd":"/workspace"}""")]
    [InlineData("""{"command":"ls","c\u006fmmand":"rm","cwd":"/workspace"}""")]
    public async Task Shell_sandbox_takes_no_other_shape(string arguments) =>
        Assert.NotEqual("allowed", await Judge("shell-sandbox.json", new ToolCall("run_shell", ToolArguments.FromJson(arguments))));

    [Theory]
    [InlineData("""{"invoice":"INV-000001","amount":250,"currency":"EUR"}""", "buyer", "allowed")]
    [InlineData("""{"invoice":"INV-000001","amount":250,"currency":"EUR"}""", "guest", "require_failed /tools/pay_invoice/require/0")]
    [InlineData("""{"invoice":"INV-000001","amount":250.01,"currency":"EUR"}""", "buyer", "require_failed /tools/pay_invoice/require/1")]
    [InlineData(
        """{"invoice":"INV-000001","amount":0.001,"currency":"EUR"}""", "buyer",
        "arguments_invalid /tools/pay_invoice/arguments/properties/amount/multipleOf")]
    [InlineData(
        """{"invoice":"INV-1","amount":1,"currency":"EUR"}""", "buyer",
        "arguments_invalid /tools/pay_invoice/arguments/properties/invoice/pattern")]
    [InlineData(
        """{"invoice":"INV-000001","amount":1,"currency":"EUR","lines":[{},{"category":"gift-card"}]}""", "buyer",
        "deny_if_matched /tools/pay_invoice/deny_if/0")]
    public async Task Payments_are_small_and_by_buyers(string arguments, string role, string expected)
    {
        var call = new ToolCall("pay_invoice", ToolArguments.FromJson(arguments))
        {
            GrantAttributes = new Dictionary<string, string> { ["role"] = role },
        };

        Assert.Equal(expected, await Judge("invoices.json", call));
    }

    [Theory]
    [InlineData("get_orders", "{}", "allowed")]
    [InlineData("get_orders", """{"maintenance":true}""", "deny_if_matched /all_tools/deny_if/0")]
    [InlineData("get_orders", """{"maintenance":"yes"}""", "deny_if_matched /all_tools/deny_if/0")]
    [InlineData("close_account", "{}", "action_deny /tools/close_account/action")]
    [InlineData("admin_users", "{}", "hidden /hide/0")]
    [InlineData("set_price", "{}", "not_listed /default")]
    public async Task Payments_heed_the_context(string tool, string context, string expected) =>
        Assert.Equal(expected, await Judge("invoices.json", new ToolCall(tool) { Context = ToolArguments.FromJson(context) }));

    private static async Task<string> Judge(string file, ToolCall call)
    {
        ToolCallDecision decision = await TestPolicies.Authorizer(Read(file)).AuthorizeAsync(call);
        return $"{decision.Code.ToWireString()} {decision.Rule}".TrimEnd();
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(MarkdownPage.Folder, "examples", file));
}
