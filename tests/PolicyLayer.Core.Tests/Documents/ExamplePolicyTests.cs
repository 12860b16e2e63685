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
    [InlineData("ls -l src", "/workspace/app")]
    [InlineData("dotnet test", "/workspace")]
    [InlineData("git log --oneline", "/workspace/app/")]
    [InlineData("git diff | head", "/workspace")]
    [InlineData("git grep -n Parse src,lib | sort", "/workspace")]
    [InlineData("dotnet build && dotnet test --no-build 2>&1", "/workspace")]
    [InlineData("cat README.md\nwc -l src/a.cs", "/workspace")]
    [InlineData("ls\n", "/workspace//app/.")]
    [InlineData(" ls", "/workspace")]
    [InlineData("git status 2>/dev/null", "/workspace")]
    public async Task Shell_sandbox_lets_an_agent_build_and_test(string command, string folder) =>
        Assert.Equal("allowed", await RunShell(command, folder));

    [Theory]
    [InlineData("git push")]
    [InlineData("lsof")]
    [InlineData("LS")]
    [InlineData("/bin/ls")]
    [InlineData("./ls")]
    [InlineData("")]
    [InlineData("rm -rf /")]
    [InlineData("ls -l\nrm x")]
    [InlineData("ls -l | sh")]
    [InlineData("git log --oneline; id")]
    [InlineData("git status & id")]
    [InlineData("git status &")]
    [InlineData("cat $(id)")]
    [InlineData("cat `id`")]
    [InlineData("cat $HOME")]
    [InlineData("cat <(id)")]
    [InlineData("cat < /etc/shadow")]
    [InlineData("sort > .git/hooks/pre-commit")]
    [InlineData("sort >>a")]
    [InlineData("sort 2>/dev/nullx")]
    [InlineData("(ls)")]
    [InlineData("{ ls; }")]
    [InlineData("if ls")]
    [InlineData("! ls")]
    [InlineData("PATH=. ls")]
    [InlineData("GIT_EXTERNAL_DIFF=id git diff")]
    [InlineData("env ls")]
    [InlineData("xargs ls")]
    [InlineData("sort -o .bashrc")]
    [InlineData("head -c 99 a.txt")]
    [InlineData("tail -f /dev/zero")]
    [InlineData("cat /etc/shadow")]
    [InlineData("cat ../../etc/passwd")]
    [InlineData("cat src/../../x")]
    [InlineData("cat ..")]
    [InlineData("cat ~/.ssh/id_rsa")]
    [InlineData("cat a=~/x")]
    [InlineData("cat *")]
    [InlineData("cat .en?")]
    [InlineData("cat .en[v]")]
    [InlineData("cat {a,b}")]
    [InlineData("cat \\\\evil.test\\share")]
    [InlineData("cat \\/etc/shadow")]
    [InlineData("cat a\\\nb")]
    [InlineData("ls\rrm -rf x")]
    [InlineData("ls\u000b-la")]
    [InlineData("ls\0")]
    [InlineData("ls\u00a0src")]
    [InlineData("cat \uff0fetc/shadow")]
    [InlineData("cat --help")]
    [InlineData("cat -")]
    [InlineData("cat a #b")]
    [InlineData("grep -r token /home/user")]
    [InlineData("git grep -n x --no-index")]
    [InlineData("git grep -nOid x")]
    [InlineData("git grep -n -f /etc/shadow")]
    [InlineData("git -c core.pager=id log --oneline")]
    [InlineData("git log --oneline --output=x")]
    [InlineData("git diff --output=/workspace/.git/hooks/pre-commit HEAD")]
    [InlineData("git diff --no-index /dev/null /etc/passwd")]
    [InlineData("git diff /dev/null /etc/passwd")]
    [InlineData("git diff a.txt")]
    [InlineData("git diff --ext-diff")]
    [InlineData("git status --porcelain")]
    [InlineData("dotnet build -p:PreBuildEvent=id")]
    [InlineData("dotnet build evil.proj")]
    [InlineData("dotnet build @answers.rsp")]
    [InlineData("dotnet test /home/user/evil.dll")]
    [InlineData("dotnet evil.dll")]
    [InlineData("dotnet  build --no-restore")]
    public async Task Shell_sandbox_runs_listed_commands_only(string command) =>
        Assert.Equal("require_failed /tools/run_shell/require/0", await RunShell(command, "/workspace"));

    [Theory]
    [InlineData("cat .e''nv")]
    [InlineData("cat '.en''v'")]
    [InlineData("cat \".env\"")]
    [InlineData("cat .en\\v")]
    public async Task Shell_sandbox_takes_plain_words(string command) =>
        Assert.Equal("require_failed /tools/run_shell/require/1", await RunShell(command, "/workspace"));

    [Theory]
    [InlineData("/etc")]
    [InlineData("/workspace\n")]
    [InlineData("/workspace2")]
    [InlineData("/WORKSPACE")]
    [InlineData("/workspace/../etc")]
    [InlineData("/workspace/..")]
    [InlineData("/workspace/%2e%2e/etc")]
    [InlineData("/workspace\\..\\etc")]
    [InlineData("//workspace")]
    [InlineData("~/workspace")]
    [InlineData("workspace")]
    [InlineData(".")]
    [InlineData("C:/workspace")]
    [InlineData("")]
    public async Task Shell_sandbox_stays_in_the_workspace(string folder) =>
        Assert.Equal("require_failed /tools/run_shell/require/2", await RunShell("ls", folder));

    [Theory]
    [InlineData("cat .ENV")]
    [InlineData("cat src/.env.local")]
    [InlineData("cat keys/id_rsa")]
    [InlineData("git status; cat .env")]
    public async Task Shell_sandbox_keeps_secrets(string command) =>
        Assert.Equal("deny_if_matched /tools/run_shell/deny_if/0", await RunShell(command, "/workspace"));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"command":"ls"}""")]
    [InlineData("""{"command":["ls"],"cwd":"/workspace"}""")]
    [InlineData("""{"command":{"ls":""},"cwd":"/workspace"}""")]
    [InlineData("""{"command":null,"cwd":"/workspace"}""")]
    [InlineData("""{"command":"ls","cwd":["/workspace"]}""")]
    [InlineData("""{"command":"ls","cwd":"/workspace","env":{"PATH":"."}}""")]
    [InlineData("""{"command":"ls","cwd":"/workspace","Command":"id"}""")]
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

    private static Task<string> RunShell(string command, string folder) => Judge(
        "shell-sandbox.json",
        new ToolCall(
            "run_shell",
            JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["command"] = command, ["cwd"] = folder })));

    private static async Task<string> Judge(string file, ToolCall call)
    {
        ToolCallDecision decision = await TestPolicies.Authorizer(Read(file)).AuthorizeAsync(call);
        return $"{decision.Code.ToWireString()} {decision.Rule}".TrimEnd();
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(MarkdownPage.Folder, "examples", file));
}
