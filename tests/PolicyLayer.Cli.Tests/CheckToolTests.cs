using System.Globalization;
using System.Text.Json;

namespace PolicyLayer.Tests.Cli;

public sealed class CheckToolTests
{
    [Fact]
    public async Task Ten_calls_are_allowed_and_two_denied_with_all_that_an_agent_needs()
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--grant", "ci", "--repeat", "12", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.Equal(12, run.Lines.Count);
        Assert.All(run.Lines.Take(10), line => Assert.Equal("allow", line.GetProperty("outcome").GetString()));
        Assert.All(run.Lines.Skip(10), line =>
        {
            Assert.Equal(
                ["outcome", "code", "rule", "message", "tool", "grant", "retry_after_ms", "decision_id"],
                line.EnumerateObject().Select(member => member.Name));
            Assert.Equal("deny", line.GetProperty("outcome").GetString());
            Assert.Equal("limit_exceeded", line.GetProperty("code").GetString());
            Assert.Equal("/tools/run_code/limits/0", line.GetProperty("rule").GetString());
            Assert.StartsWith("[POLICY DENIED] ", line.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal("run_code", line.GetProperty("tool").GetString());
            Assert.Equal("ci", line.GetProperty("grant").GetString());
            Assert.Equal(30_000, line.GetProperty("retry_after_ms").GetInt64());
        });
    }

    [Fact]
    public async Task Members_without_a_value_are_left_out()
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--json");

        Assert.Equal(
            ["outcome", "code", "tool", "grant", "decision_id"], run.Lines.Single().EnumerateObject().Select(member => member.Name));
        Assert.Equal("default", run.Lines.Single().GetProperty("grant").GetString());
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', run.Output);
    }

    [Fact]
    public async Task Another_tool_is_not_listed_and_that_is_a_good_answer()
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "délete", "--json");

        Assert.Equal(0, run.ExitCode);
        JsonElement line = run.Lines.Single();
        Assert.Equal("not_listed", line.GetProperty("code").GetString());
        Assert.Equal("/default", line.GetProperty("rule").GetString());
        Assert.Contains("délete", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-5", "arguments_malformed")]
    [InlineData("null", "allowed")]
    [InlineData("""{"a":1e999}""", "allowed")]
    [InlineData("""{"a":"\ud800"}""", "arguments_malformed")]
    [InlineData("""{"a":1,"a":1}""", "arguments_malformed")]
    [InlineData("""{"a":1}""", "allowed")]
    public async Task Arguments_that_are_JSON_are_judged_whatever_they_say(string arguments, string code)
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--args", arguments, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal([code], run.Codes);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Arguments_of_any_depth_are_judged()
    {
        string deep = $$"""{"a":{{new string('[', 5_000)}}{{new string(']', 5_000)}}}""";
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--args", deep, "--json");
        Assert.Equal(["arguments_too_large"], run.Codes);
    }

    [Theory]
    [InlineData("{", 1, 2)]
    [InlineData("", 1, 1)]
    [InlineData("@file", 1, 1)]
    [InlineData("nul", 1, 4)]
    [InlineData("{\"é\":secret}", 1, 6)]
    [InlineData("{\n \"a\": 1,\n}", 3, 1)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{'a':1}", 1, 2)]
    public async Task Arguments_that_are_no_JSON_are_a_usage_error_with_its_place(string arguments, int line, int column)
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--args", arguments, "--json");
        Assert.Equal(
            new Command(
                2,
                "",
                $"`--args` isn't JSON: it goes wrong at line {line}, column {column}.\nHelp: policylayer check --help\n"),
            run);
    }

    [Fact]
    public async Task A_wide_pipe_gets_a_row_a_call_in_one_line()
    {
        Command run = await Command.RunAsync(
            new Command.Setup { Variables = { ["COLUMNS"] = "1000" } },
            "check",
            Command.Stellify,
            "--tool",
            "run_code",
            "--grant",
            "ci",
            "--repeat",
            "12");

        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(14, lines.Length);
        Assert.Equal(
            ["#", "tool", "grant", "outcome", "code", "rule", "retry after", "message"],
            lines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        string[] last = lines[^1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["12", "run_code", "ci", "deny", "limit_exceeded", "/tools/run_code/limits/0", "30 s"], last[..7]);
        Assert.StartsWith("[POLICY DENIED] The limit", last[7], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(200)]
    public async Task A_terminal_of_any_width_shows_the_whole_message(int width)
    {
        Command run = await Command.RunAsync(
            new Command.Setup { Width = width }, "check", Command.Stellify, "--tool", "run_code", "--repeat", "11");

        string message = (await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--repeat", "11", "--json"))
            .Lines[^1].GetProperty("message").GetString()!;
        int column = run.Output.Split('\n')[0].IndexOf("message", StringComparison.Ordinal);
        string[] shown = column < 0
            ? [run.Output.Replace("\n        ", " ", StringComparison.Ordinal)]
            : [.. run.Output.TrimEnd('\n').Split('\n').Skip(12).Select(line => line[column..])];
        Assert.Contains(message, string.Join(' ', shown), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(200)]
    public async Task Colours_are_for_terminals_that_want_them(int width)
    {
        Command run = await Command.RunAsync(
            new Command.Setup { Width = width, UsesColor = true }, "check", Command.Stellify, "--tool", "run_code", "--repeat", "11");

        Assert.Contains("\e[", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(200)]
    public async Task Characters_of_a_name_that_steer_or_deceive_do_not_reach_the_terminal(int width)
    {
        Command run = await Command.RunAsync(new Command.Setup { Width = width }, "check", Command.Stellify, "--tool", "a\e[2Jb\nc\u202Ed");

        Assert.DoesNotContain('\e', run.Output);
        Assert.DoesNotContain('\u202E', run.Output);
        Assert.DoesNotContain("b\nc", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:59.9999999", "1 s")]
    [InlineData("00:00:48.6000000", "12 s")]
    [InlineData("00:00:00.0000000", "60 s")]
    public async Task A_person_reads_a_waiting_time_rounded_up(string time, string expected)
    {
        var setup = new Command.Setup
        {
            Width = 90,
            Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.Parse(time, CultureInfo.InvariantCulture),
        };
        Command run = await Command.RunAsync(setup, "check", Command.Stellify, "--tool", "run_code", "--repeat", "11");

        Assert.Contains($"limit_exceeded /tools/run_code/limits/0, retry after {expected}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_file_is_appended_to()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--audit", file, "--json");
            await Command.RunAsync("check", Command.Stellify, "--tool", "x", "--audit", file, "--json");

            string[] records = await File.ReadAllLinesAsync(file);
            Assert.Equal(
                ["allowed", "not_listed"],
                records.Select(record => JsonDocument.Parse(record).RootElement.GetProperty("code").GetString()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_log_is_not_appended_to()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "s3cr3t notes\n");
            Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--audit", file, "--json");

            Assert.Equal(2, run.ExitCode);
            Assert.Equal("", run.Output);
            Assert.Contains(file, run.Error, StringComparison.Ordinal);
            Assert.Contains("another file", run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.DoesNotContain("s3cr3t", run.Error, StringComparison.Ordinal);
            Assert.Equal("s3cr3t notes\n", await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task With_keys_the_audit_file_is_hashed_with_them_and_never_with_and_without()
    {
        string keys = Path.GetTempFileName(), file = Path.GetTempFileName();
        try
        {
            string key = Convert.ToBase64String(new byte[32]);
            await File.WriteAllTextAsync(keys, $$$"""{"current":"k1","keys":{"k1":"{{{key}}}"}}""");
            string[] check = ["check", Command.Stellify, "--tool", "run_code", "--audit", file, "--json"];
            Assert.Equal(0, (await Command.RunAsync([.. check, "--keys", keys])).ExitCode);
            Assert.Equal(2, (await Command.RunAsync(check)).ExitCode);
            Assert.Equal(0, (await Command.RunAsync([.. check, "--keys", keys])).ExitCode);

            Assert.Equal(
                [(1, "k1"), (2, "k1")],
                File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)
                    .Select(line => (line.GetProperty("sequence").GetInt32(), line.GetProperty("key").GetString()!)));
        }
        finally
        {
            File.Delete(keys);
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check", "POLICY")]
    [InlineData("check", "POLICY", "--tool", "x", "--calls", "-")]
    [InlineData("check", "POLICY", "--calls", "-", "--repeat", "2")]
    [InlineData("check", "POLICY", "--calls", "-", "--grant", "g")]
    [InlineData("check", "POLICY", "--tool", "x", "--grant", "")]
    [InlineData("check", "POLICY", "--tool", "x", "--repeat", "0")]
    [InlineData("check", "POLICY", "--tool", "x", "--repeat", "many")]
    [InlineData("check", "POLICY", "--tool", "x", "--counters", "disk")]
    [InlineData("check", "POLICY", "--tool", "x", "--audit", "no/such/folder/audit.jsonl")]
    [InlineData("check", "no-such-policy.json", "--tool", "x")]
    [InlineData("check", "", "--tool", "x")]
    [InlineData("check", "POLICY", "--calls", "no-such-calls.jsonl")]
    [InlineData("check", "POLICY", "--calls", "/")]
    [InlineData("check", "/", "--tool", "x")]
    [InlineData("check", "POLICY", "--tool", "x", "--grants", "grants.json")]
    [InlineData("audit", "verify", "audit.jsonl")]
    [InlineData("validate")]
    [InlineData("nonsense")]
    [InlineData]
    public async Task What_cannot_run_says_why_and_prints_nothing(params string[] args)
    {
        Command run = await Command.RunAsync(
            [.. args.Select(arg => arg == "POLICY" ? Command.Stellify : arg), .. args.Length > 1 ? ["--json"] : Array.Empty<string>()]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.NotEqual("", run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("check", "--help")]
    [InlineData("validate", "--help")]
    public async Task Every_help_has_an_example(params string[] args)
    {
        Command run = await Command.RunAsync(args);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:\n  policylayer ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Usage:\n  policylayer ", run.Output, StringComparison.Ordinal);
    }
}
