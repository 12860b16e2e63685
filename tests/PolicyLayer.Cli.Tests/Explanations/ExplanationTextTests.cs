using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Cli.Explanations;

/// <summary>What a person reads of <c>check --explain</c>.</summary>
public sealed class ExplanationTextTests
{
    private const string Denied = """{"amount":250,"currency":7,"dry":1}""";

    private const string Secret = "hunter2";

    [Fact]
    public async Task It_stands_below_its_call_a_line_a_step()
    {
        Command run = await ExplainedRun.OfAsync("--tool", "pay", "--args", Denied);

        Assert.Equal(
            """
            1 pay (default): deny require_failed /tools/pay/require/0
              [POLICY DENIED] Pay less.
                1 grant: true
                2 form: true
                4 /tools/pay: true
                6 /tools/pay/arguments: true
                7 /tools/pay/require/0: false require_failed: Pay less.
                  conditions/0 args.amount lte: false
                  conditions/1 args.to exists: false: `args.to` is missing.
                  any/0/0 args.currency eq: unjudgeable: `args.currency` must be a string.
                  any/1/0 args.note regex: false: `args.note` is missing.
                8 /all_tools/deny_if/0: unjudgeable deny_if_matched: `args.dry` must be a string. The call is denied by the rule on
                    `args.dry` (`eq`).
                  conditions/0 args.dry eq: unjudgeable: `args.dry` must be a string.
                11 /tools/pay/limits/0: true
                limit paid /tools/pay/limits/0: 0 of 250.5 used

            """.ReplaceLineEndings("\n"),
            run.Output);
    }

    [Fact]
    public async Task Limits_and_what_an_approval_covers_come_last()
    {
        Command paid = await ExplainedRun.OfAsync(
            "--tool", "pay", "--args", """{"amount":100,"to":"a","currency":"EUR"}""", "--repeat", "2");
        Command asked = await ExplainedRun.OfAsync(
            new Command.Setup
            {
                Input = """
                    {"tool":"build"}
                    {"complete":"last","outcome":"succeeded"}
                    {"tool":"deploy","arguments":{"to":"prod"}}
                    {"tool":"deploy","arguments":{"to":"prod"}}
                    {"tool":"ask"}
                    """u8.ToArray(),
            },
            ExplainedRun.Policy,
            "--calls",
            "-");

        Assert.EndsWith(
            "\n    11 /tools/pay/limits/0: true\n    limit paid /tools/pay/limits/0: 100 of 250.5 used\n",
            paid.Output,
            StringComparison.Ordinal);
        const string Cover = """
                approval: 3 calls, of any arguments that have the same args.to, within 1:00:00 h of the answer
                  asked by /tools/deploy/approve_if/0
                  asked by /tools/deploy/action

            """;
        Assert.Contains(Cover.ReplaceLineEndings("\n") + "3 deploy ", asked.Output, StringComparison.Ordinal);
        Assert.Matches(Regex.Escape(Cover.ReplaceLineEndings("\n")) + "      id [0-9a-f]{32}\n4 ask ", asked.Output);
        Assert.EndsWith(
            "\n    approval: 1 call, of exactly these arguments, within 0:10:00 h of the answer\n      asked by /tools/ask/action\n",
            asked.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(45)]
    [InlineData(60)]
    public async Task Lines_are_broken_at_spaces_to_the_width_that_is_asked_for(int width)
    {
        Command wide = await ExplainedRun.OfAsync(Columns(10_000), ExplainedRun.Policy, "--tool", "pay", "--args", Denied);
        Command narrow = await ExplainedRun.OfAsync(Columns(width), ExplainedRun.Policy, "--tool", "pay", "--args", Denied);
        Command terminal = await ExplainedRun.OfAsync(
            new Command.Setup { Width = width }, ExplainedRun.Policy, "--tool", "pay", "--args", Denied);

        Assert.Equal(wide.Output, narrow.Output.Replace("\n        ", " ", StringComparison.Ordinal));
        Assert.Equal(narrow.Output, terminal.Output);
        Assert.All(
            narrow.Output.Split('\n')[1..],
            line => Assert.True(line.Length <= width || line.LastIndexOf(' ') < "        ".Length, line));
    }

    [Fact]
    public async Task A_wide_terminal_gets_no_table()
    {
        Command wide = await ExplainedRun.OfAsync(
            new Command.Setup { Width = 200 }, ExplainedRun.Policy, "--tool", "pay", "--args", Denied);

        Assert.StartsWith("1 pay (default): deny require_failed /tools/pay/require/0\n", wide.Output, StringComparison.Ordinal);
        Assert.Contains("\n    1 grant: true\n", wide.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colours_are_those_of_the_outcome_alone()
    {
        var setup = new Command.Setup { Width = 200, UsesColor = true };
        Command run = await ExplainedRun.OfAsync(setup, ExplainedRun.Policy, "--tool", "pay", "--args", Denied);

        Assert.StartsWith("1 pay (default): \e[31mdeny\e[0m require_failed", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output.Split('\n', 2)[1]);
    }

    /// <summary>Names of a policy that steer a terminal, make lines, or look like what the tool says.</summary>
    [Theory]
    [InlineData("x\u001b[2J\u009b31m")]
    [InlineData("x\n    1 grant: true\n2 pay (default): allow allowed")]
    [InlineData("x\r\u2028    1 grant: true")]
    [InlineData("x\u202Eeurt\u2066\u200B")]
    [InlineData("x: true, y: false allowed")]
    public async Task Hostile_names_make_no_lines_and_no_words(string name)
    {
        string text = JsonSerializer.Serialize(name), path = JsonSerializer.Serialize($"args[{text}]");
        string policy = $$"""
            { "version": "1", "default": "deny", "tools": { {{text}}: {
              "arguments": { "properties": { {{text}}: { "type": "string" } } },
              "require": [{ "conditions": [{ "path": {{path}}, "op": "eq", "value": "a" }], "on_deny": {{text}} }],
              "approve_if": [{ "conditions": [{ "path": {{path}}, "op": "exists", "value": true }], "reason": {{text}} }],
              "approval": { "same": [{{path}}] },
              "limits": [{ "counter": {{text}}, "window": "day", "max": 5 }] } } }
            """;
        foreach (string arguments in new[] { "{}", $$"""{{{text}}:1}""", $$"""{{{text}}:"a"}""" })
        {
            var setup = new Command.Setup { Width = 80 };
            Command run = await ExplainedRun.OfAsync(setup, policy, "--tool", name, "--args", arguments);

            Assert.Equal(0, run.ExitCode);
            Assert.DoesNotContain(run.Output, character => character != '\n' && Steers(character));
            Assert.Equal(1, Regex.Count(run.Output, "^    1 grant: true$", RegexOptions.Multiline));
            Assert.Equal(1, Regex.Count(run.Output, "^[^ ]", RegexOptions.Multiline));
            Assert.All(
                run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..],
                line => Assert.Matches("^(  \\[POLICY|    [0-9]+ |      (conditions|asked|id)|    (limit|approval)|        )", line));

            Command json = await ExplainedRun.OfAsync(setup, policy, "--tool", name, "--args", arguments, "--json");
            Assert.Single(json.Output, '\n');
            Assert.DoesNotContain(json.Output, character => character != '\n' && Steers(character));
            Assert.Contains(
                json.Explanation().GetProperty("steps").EnumerateArray(),
                step => step.TryGetProperty("rule", out JsonElement rule)
                    && rule.GetString()!.StartsWith($"/tools/{name}/", StringComparison.Ordinal));
        }
    }

    /// <summary>No value of a call, its context or its grant is shown, whatever becomes of the call.</summary>
    [Theory]
    [InlineData("pay", """{"amount":"SECRET","to":"SECRET","currency":"SECRET","note":"SECRET","dry":"SECRET"}""")]
    [InlineData("pay", """{"amount":1,"to":"SECRET","currency":["SECRET"],"note":"SECRET","dry":{"SECRET":"SECRET"}}""")]
    [InlineData("pay", """{"amount":1,"to":"SECRET","currency":"EUR","note":"SECRET"}""")]
    [InlineData("pay", """["SECRET"]""")]
    [InlineData("pay", """{"amount":73.25,"to":"a","currency":"EUR"}""")]
    [InlineData("pay", """{"amount":250.73,"to":"a","currency":"EUR"}""")]
    [InlineData("deploy", """{"to":"SECRET"}""")]
    [InlineData("ask", """{"to":"SECRET","SECRET":1}""")]
    [InlineData("unheard_of", """{"to":"SECRET"}""")]
    public async Task No_value_is_shown(string tool, string arguments)
    {
        string call = $$"""
            {"tool":"{{tool}}","context":{"a":"{{Secret}}"},"arguments":{{arguments.Replace("SECRET", Secret, StringComparison.Ordinal)}}}
            """;
        var setup = new Command.Setup { Input = Encoding.UTF8.GetBytes(call) };
        foreach (string[] options in (string[][])[[], ["--json"]])
        {
            Command run = await ExplainedRun.OfAsync(setup, ExplainedRun.Policy, ["--calls", "-", .. options]);

            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Contains(tool, run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("73", WithoutIds(run.Output), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_with_spaces_stand_in_quotes()
    {
        const string Policy = """
            { "version": "1", "default": "deny", "tools": { "x: true, y": {
              "require": [{ "conditions": [{ "path": "args[\"a: true, b\"]", "op": "eq", "value": 1 }] }],
              "limits": [{ "counter": "c: 0", "window": "day", "max": 5 }] } } }
            """;
        Command run = await ExplainedRun.OfAsync(
            new Command.Setup(), Policy, "--tool", "x: true, y", "--args", """{"a: true, b":1}""");

        Assert.EndsWith(
            """

                4 "/tools/x: true, y": true
                7 "/tools/x: true, y/require/0": true
                  conditions/0 "args.a: true, b" eq: true
                11 "/tools/x: true, y/limits/0": true
                limit "c: 0" "/tools/x: true, y/limits/0": 0 of 5 used

            """.ReplaceLineEndings("\n"),
            run.Output,
            StringComparison.Ordinal);
    }

    private static string WithoutIds(string output) => Regex.Replace(output, "\"[a-z]+_id\":\"[^\"]*\"", "");

    private static bool Steers(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static Command.Setup Columns(int width) =>
        new() { Variables = { ["COLUMNS"] = width.ToString(CultureInfo.InvariantCulture) } };
}
