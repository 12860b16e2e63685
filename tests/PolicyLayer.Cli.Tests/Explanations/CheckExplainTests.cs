using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Tests.Cli.Explanations;

/// <summary>What programs read of <c>check --explain</c>.</summary>
public sealed class CheckExplainTests
{
    private const string Once = """{"tool":"twice","at":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public async Task Each_step_of_an_allowed_call_stands_at_the_end_of_its_line()
    {
        Command run = await ExplainedRun.OfAsync(
            "--tool", "pay", "--args", """{"amount":0.50,"to":"a","currency":"EUR"}""", "--json");

        const string Explanation = """
            "explanation":{"steps":[
            {"step":1,"result":"true"},
            {"step":2,"result":"true"},
            {"step":4,"rule":"/tools/pay","result":"true"},
            {"step":6,"rule":"/tools/pay/arguments","result":"true"},
            {"step":7,"rule":"/tools/pay/require/0","result":"true","conditions":[
            {"rule":"/tools/pay/require/0/conditions/0","path":"args.amount","op":"lte","result":"true"},
            {"rule":"/tools/pay/require/0/conditions/1","path":"args.to","op":"exists","result":"true"},
            {"rule":"/tools/pay/require/0/any/0/0","path":"args.currency","op":"eq","result":"true"},
            {"rule":"/tools/pay/require/0/any/1/0","path":"args.note","op":"regex","result":"false","why":"`args.note` is missing."}]},
            {"step":8,"rule":"/all_tools/deny_if/0","result":"false","conditions":[
            {"rule":"/all_tools/deny_if/0/conditions/0","path":"args.dry","op":"eq","result":"false","why":"`args.dry` is missing."}]},
            {"step":11,"rule":"/tools/pay/limits/0","result":"true"}],
            "limits":[{"rule":"/tools/pay/limits/0","counter":"paid","used":0,"max":250.5}]}}
            """;
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.EndsWith("," + Explanation.ReplaceLineEndings("") + "\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["outcome", "code", "tool", "grant", "decision_id", "explanation"],
            run.Lines.Single().EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_denied_call_says_what_each_rule_and_condition_makes_of_it()
    {
        Command run = await ExplainedRun.OfAsync("--tool", "pay", "--args", """{"amount":250,"currency":7,"dry":1}""", "--json");

        Assert.Equal(
            [
                "1 true", "2 true", "4 /tools/pay true", "6 /tools/pay/arguments true", "7 /tools/pay/require/0 false require_failed",
                "8 /all_tools/deny_if/0 unjudgeable deny_if_matched", "11 /tools/pay/limits/0 true",
            ],
            run.Steps());
        JsonElement rule = run.Explanation().GetProperty("steps")[4];
        Assert.Equal(["step", "rule", "result", "code", "why", "conditions"], rule.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Pay less.", rule.GetProperty("why").GetString());
        Assert.Equal(
            [
                "args.amount lte false", "args.to exists false `args.to` is missing.",
                "args.currency eq unjudgeable `args.currency` must be a string.", "args.note regex false `args.note` is missing.",
            ],
            rule.GetProperty("conditions").EnumerateArray().Select(condition => string.Join(
                ' ', condition.EnumerateObject().Where(member => member.Name != "rule").Select(member => member.Value))));
    }

    [Theory]
    [InlineData("pay", """{"amount":"x"}""", "6 /tools/pay/arguments/properties/amount/type false arguments_invalid")]
    [InlineData("pay", "[]", "2 false arguments_malformed")]
    [InlineData("secret_tool", "{}", "3 /hide/0 false hidden")]
    [InlineData("unheard_of", "{}", "4 /default false not_listed")]
    [InlineData("never", "{}", "5 /tools/never/action false action_deny")]
    [InlineData("deploy", "{}", "9 /tools/deploy/after/0 false order_violated")]
    [InlineData("ask", "{}", "10 /tools/ask/action false approval_required")]
    public async Task The_first_step_with_a_code_decides(string tool, string arguments, string expected)
    {
        Command run = await ExplainedRun.OfAsync("--tool", tool, "--args", arguments, "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement line = run.Lines.Single();
        JsonElement first = run.Explanation().GetProperty("steps").EnumerateArray().First(step => step.TryGetProperty("code", out _));
        Assert.Contains(expected, run.Steps());
        Assert.Equal(expected.Split(' ')[^1], first.GetProperty("code").GetString());
        Assert.Equal(line.GetProperty("code").GetString(), first.GetProperty("code").GetString());
        Assert.NotEqual("", first.GetProperty("why").GetString());
    }

    [Fact]
    public async Task A_grant_that_is_not_in_force_is_all_that_is_told()
    {
        Command run = await ExplainedRun.OfLinesAsync("""{"revoke":"ci"}""", """{"tool":"pay","grant":"ci"}""");

        Assert.Equal(["1 false grant_revoked"], run.Steps(1));
    }

    [Fact]
    public async Task What_needs_no_counter_and_no_person_says_so()
    {
        Command run = await ExplainedRun.OfAsync("--tool", "unheard_of", "--json");

        Assert.Equal("[]", run.Explanation().GetProperty("limits").GetRawText());
        Assert.Equal(["steps", "limits"], run.Explanation().EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Explaining_spends_nothing_and_limits_are_as_the_call_met_them()
    {
        Command run = await ExplainedRun.OfAsync("--tool", "twice", "--repeat", "3", "--json");

        Assert.Equal(["allowed", "allowed", "limit_exceeded"], run.Codes);
        Assert.Equal(
            ["0", "1", "2"],
            Enumerable.Range(0, 3).Select(i => run.Explanation(i).GetProperty("limits")[0].GetProperty("used").GetRawText()));
        Assert.Equal("11 /tools/twice/rate_limit true", run.Steps(1).Last());
        Assert.Equal("11 /tools/twice/rate_limit false limit_exceeded", run.Steps(2).Last());
        Assert.Equal(
            """[{"rule":"/tools/twice/rate_limit","counter":"twice_rate","used":2,"max":2}]""",
            run.Explanation(2).GetProperty("limits").GetRawText());
    }

    [Fact]
    public async Task An_order_is_met_once_its_call_succeeded()
    {
        Command run = await ExplainedRun.OfLinesAsync(
            """{"tool":"deploy","arguments":{"to":"a"},"at":"2026-01-01T00:00:00Z","expect":"order_violated"}""",
            """{"tool":"build","expect":"allow"}""",
            """{"complete":"last","outcome":"succeeded"}""",
            """{"tool":"deploy","arguments":{"to":"a"},"expect":"approval_required"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("9 /tools/deploy/after/0 false order_violated", run.Steps(0));
        Assert.Contains("9 /tools/deploy/after/0 true", run.Steps(3));
        Assert.Equal("""{"event":"complete","ok":true}""", run.Lines[2].GetRawText());
    }

    [Fact]
    public async Task What_an_approval_covers_is_told_and_explaining_asks_for_none()
    {
        Command run = await ExplainedRun.OfLinesAsync(
            """{"tool":"build","at":"2026-01-01T00:00:00Z"}""",
            """{"complete":"last","outcome":"succeeded"}""",
            """{"tool":"deploy","arguments":{"to":"prod"}}""",
            """{"tool":"deploy","arguments":{"to":"prod"}}""",
            """{"approve":"last"}""",
            """{"tool":"deploy","arguments":{"to":"prod"}}""");

        string id = run.Lines[2].GetProperty("approval_id").GetString()!;
        const string Cover = "{\"rules\":[\"/tools/deploy/approve_if/0\",\"/tools/deploy/action\"],\"uses\":3,"
            + "\"valid_for_ms\":3600000,\"same\":[\"args.to\"]";
        Assert.Equal(Cover + "}", run.Explanation(2).GetProperty("approval").GetRawText());
        Assert.Equal($"{Cover},\"id\":\"{id}\"}}", run.Explanation(3).GetProperty("approval").GetRawText());
        Assert.Equal(id, run.Lines[3].GetProperty("approval_id").GetString());
        Assert.Equal("allowed", run.Codes.Last());
        Assert.DoesNotContain("approval_required", run.Explanation(5).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_this_very_call_has_nothing_in_common_with_others()
    {
        Command run = await ExplainedRun.OfAsync("--tool", "ask", "--json");

        Assert.Equal(
            """{"rules":["/tools/ask/action"],"uses":1,"valid_for_ms":600000}""",
            run.Explanation().GetProperty("approval").GetRawText());
    }

    [Fact]
    public async Task A_call_that_goes_on_with_another_is_explained_as_one_of_its_own()
    {
        Command run = await ExplainedRun.OfLinesAsync(
            Once, Once, """{"tool":"twice","continues":"last","expect":"allow"}""", """{"tool":"twice","expect":"limit_exceeded"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("11 /tools/twice/rate_limit false limit_exceeded", run.Steps(2).Last());
        Assert.Equal(
            ["decision_id", "expected", "as_expected", "explanation"],
            run.Lines[2].EnumerateObject().Select(member => member.Name).TakeLast(4));
    }

    [Fact]
    public async Task Counters_that_last_are_looked_at()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("policylayer");
        string store = "sqlite:" + Path.Combine(folder.FullName, "counters.db");
        string[] check = ["--tool", "twice", "--counters", store, "--approvals", "memory", "--json"];
        Command[] runs = [await ExplainedRun.OfAsync(check), await ExplainedRun.OfAsync(check)];
        folder.Delete(recursive: true);

        Assert.Equal([0, 1], runs.Select(run => run.Explanation().GetProperty("limits")[0].GetProperty("used").GetInt32()));
    }

    [Fact]
    public async Task What_takes_too_much_work_is_cut_and_says_so()
    {
        string rules = string.Join(',', Enumerable.Range(0, 100).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{ "conditions": [{ "path": "args.list[*]", "op": "eq", "value": {{i}} }] }""")));
        var policy = Policy.Parse($$"""{ "version": "1", "default": "deny", "tools": { "t": { "require": [{{rules}}] } } }""");
        var authorizer = new ToolCallAuthorizer([policy], new ToolCallAuthorizerOptions { DefaultGrantId = "g", MaxWork = 60_000 });
        string list = string.Join(',', Enumerable.Repeat("0", 1_000));
        ToolCallExplanation explanation = await authorizer.ExplainAsync(
            new ToolCall("t", ToolArguments.FromJson($$"""{"list":[{{list}}]}""")));
        var text = new StringBuilder();
        ExplanationText.Append(text, explanation, width: 120);
        using var json = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            ExplanationOutput.Write(writer, explanation);
            writer.WriteEndObject();
        }

        Assert.EndsWith(",\"limits\":[],\"cut\":true}}", Encoding.UTF8.GetString(json.ToArray()), StringComparison.Ordinal);
        Assert.EndsWith(
            "\n    There is more: the call takes too much work to look at the rest.\n", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_option_nothing_is_explained()
    {
        Command run = await Command.StreamAsync("""{"tool":"run_code","expect":"allow"}""");

        Assert.DoesNotContain("explanation", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_tells_of_it_with_an_example()
    {
        Command run = await Command.RunAsync("check", "--help");

        Assert.Contains("  --explain  ", run.Output, StringComparison.Ordinal);
        Assert.Contains("explained as one of its own", run.Output, StringComparison.Ordinal);
        Assert.Matches("\n  policylayer check .* --explain\n", run.Output);
    }
}
