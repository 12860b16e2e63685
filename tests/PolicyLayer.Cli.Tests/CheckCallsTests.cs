using System.Text;

namespace PolicyLayer.Tests.Cli;

public sealed class CheckCallsTests
{
    private const string Call = """{"tool":"run_code"}""";

    [Fact]
    public async Task Each_grant_has_its_own_quota_and_the_next_minute_starts_afresh()
    {
        string[] minute =
            [.. Enumerable.Repeat("""{"tool":"run_code","grant":"a","at":"2026-01-01T00:00:59.999Z","expect":"allow"}""", 10)];
        Command run = await Command.StreamAsync(
        [
            .. minute,
            """{"tool":"run_code","grant":"a","expect":"limit_exceeded"}""",
            """{"tool":"run_code","grant":"b","expect":"allowed"}""",
            """{"tool":"run_code","grant":"a","at":"2026-01-01T01:01:00+01:00","expect":"allow"}""",
        ]);

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1, run.Lines[10].GetProperty("retry_after_ms").GetInt64());
    }

    [Theory]
    [InlineData("""{"a":1}""", "allowed")]
    [InlineData("""{"a":1,"a":1}""", "arguments_malformed")]
    [InlineData("""{"a":1,"\u0061":1}""", "arguments_malformed")]
    [InlineData("""{"n":1e999999999}""", "allowed")]
    [InlineData("""{"s":"\ud800"}""", "arguments_malformed")]
    [InlineData("[]", "arguments_malformed")]
    [InlineData("null", "allowed")]
    [InlineData("5", "arguments_malformed")]
    [InlineData("\"{}\"", "arguments_malformed")]
    public async Task Arguments_are_handed_on_as_they_stand(string arguments, string code)
    {
        Command run = await Command.StreamAsync($$"""{ "arguments" : {{arguments}} , "tool":"run_code"}""");

        Assert.Equal([code], run.Codes);
    }

    [Fact]
    public async Task Arguments_in_invalid_utf8_too_large_or_too_deep_are_judged()
    {
        byte[] line = Encoding.UTF8.GetBytes("""{"tool":"run_code","arguments":{"a":"?"}}""");
        line[Array.LastIndexOf(line, (byte)'?')] = 0xFF;
        string deep = new string('[', 200_000) + new string(']', 200_000);
        byte[] rest = Encoding.UTF8.GetBytes(
            $$$"""

            {"tool":"run_code","arguments":{"a":{{{deep}}}}}
            {"tool":"run_code","arguments":{"a":"{{{new string('x', 2_000_000)}}}"}}
            {{{Call}}}
            """);
        Command run = await Command.RunAsync(
            new Command.Setup { Input = [.. line, .. rest] }, "check", Command.Stellify, "--calls", "-", "--json");

        Assert.Equal(["arguments_malformed", "arguments_too_large", "arguments_too_large", "allowed"], run.Codes);
    }

    [Theory]
    [InlineData("run_code")]
    [InlineData("/ comment")]
    [InlineData("\ufeff{\"tool\":\"run_code\"}")]
    [InlineData("[]")]
    [InlineData("""{"tool":"run_code"} {}""")]
    [InlineData("""{"tool":"run_code",}""")]
    [InlineData("""{"tool":"run_code","arguments":{x}}""")]
    [InlineData("""{"tool":"run_code","tool":"run_code"}""")]
    [InlineData("""{"tool":"run_code","to\u006fl":"run_code"}""")]
    [InlineData("""{"tool":"run_code","args":{}}""")]
    [InlineData("""{"tool":5}""")]
    [InlineData("""{"tool":"\ud800"}""")]
    [InlineData("""{"grant":"a"}""")]
    [InlineData("""{"tool":"run_code","grant":null}""")]
    [InlineData("""{"tool":"run_code","at":"tomorrow"}""")]
    [InlineData("""{"tool":"run_code","at":"2026-01-01T00:00:00"}""")]
    [InlineData("""{"tool":"run_code","expect":"alow"}""")]
    [InlineData("""{"tool":"run_code","expect":"Allow"}""")]
    [InlineData("""{"tool":"run_code","expect":""}""")]
    [InlineData("""{"complete":"last"}""")]
    [InlineData("""{"complete":"last","outcome":"done"}""")]
    [InlineData("""{"complete":"last","outcome":"failed","tool":"run_code"}""")]
    [InlineData("""{"advance":90}""")]
    [InlineData("""{"advance":"90"}""")]
    [InlineData("""{"advance":"-90s"}""")]
    [InlineData("""{"advance":"0.5m"}""")]
    [InlineData("""{"tool":"run_code","name":5}""")]
    [InlineData("""{"tool":"run_code","description":null}""")]
    [InlineData("""{"advance":"90s","name":"n"}""")]
    [InlineData("""{"advance":"99999999999999d"}""")]
    [InlineData("""{"advance":"9999999d"}""")]
    [InlineData("""{"tool":"run_code","grant":""}""")]
    [InlineData("""{"tool":"run_code","session_source":"agent"}""")]
    [InlineData("""{"tool":"run_code","server":5}""")]
    [InlineData("""{"revoke":""}""")]
    [InlineData("""{"revoke":5}""")]
    [InlineData("""{"revoke":"ci","tool":"run_code"}""")]
    public async Task A_line_that_is_wrong_ends_the_run_with_its_number(string line)
    {
        Command run = await Command.StreamAsync(Call, line, Call);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("stdin:2: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(["allowed"], run.Codes);
    }

    [Theory]
    [InlineData("""{"aprove":"last"}""", "`aprove` is not a member of this line. Help: did you mean `approve`?")]
    [InlineData("""{"by":"alice","refues":"last"}""", "`refues` is not a member of this line. Help: did you mean `refuse`?")]
    [InlineData("""{"tool":"t","sesion":"s"}""", "`sesion` is not a member of this line. Help: did you mean `session`?")]
    [InlineData("""{"approve":"last","reasn":"x"}""", "`reasn` is not a member of this line. Help: did you mean `reason`?")]
    [InlineData(
        """{"approve":"last","uses":1}""", "`uses` is not a member of this line. Help: beside `approve` it may have `by`, `reason`.")]
    [InlineData("""{"revoke":"ci","tool":"t"}""", "`tool` is not a member of this line. Help: `revoke` stands alone.")]
    [InlineData(
        """{"tool":"t","zzzzzzzz":1}""",
        "`zzzzzzzz` is not a member of this line. Help: a call may have `tool`, `arguments`, `grant`, `session`, `session_source`, "
        + "`server`, `context`, `at`, `continues`, `expect`, `name`, `description`; `policylayer check --help` shows the events.")]
    [InlineData(
        """{"tool":"t","expect":"limit_exeeded"}""",
        "`limit_exeeded` is neither an outcome nor a code. Help: did you mean `limit_exceeded`?")]
    [InlineData(
        """{"tool":"t","expect":"zzzzzzzz"}""",
        "`zzzzzzzz` is neither an outcome nor a code. Help: expect `allow`, `deny`, `approval_required`, or a code such as "
        + "`limit_exceeded`.")]
    [InlineData("""{"approve":"last","revoke":"ci"}""", "One event a line.")]
    [InlineData("""{"advance":"90s","complete":"last","outcome":"failed"}""", "One event a line.")]
    public async Task A_line_that_is_wrong_is_told_what_was_meant(string line, string message)
    {
        Command run = await Command.StreamAsync(line);

        Assert.Equal((2, $"stdin:1: {message}\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Help_shows_what_a_line_may_be_and_its_events_are_ones()
    {
        Command help = await Command.RunAsync("check", "--help");
        string[] lines =
        [
            .. help.Output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("{\"", StringComparison.Ordinal))
                .Select(line => line.Replace("succeeded|failed|", "", StringComparison.Ordinal)),
        ];
        Command run = await Command.StreamAsync(lines);

        string[] members =
        [
            "tool", "arguments", "grant", "session", "session_source", "server", "context", "at", "continues", "expect", "name",
            "description",
        ];
        Assert.All(members, member => Assert.Matches($"\n  {member} +[a-z{{]", help.Output));
        Assert.Equal("the first one", run.Lines[0].GetProperty("name").GetString());
        Assert.Equal(
            ["advance", "complete", "approve", "refuse", "revoke"],
            run.Lines.Skip(1).Select(line => line.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task A_line_may_say_where_the_call_goes_and_where_its_session_comes_from()
    {
        Command run = await Command.StreamAsync(
            """{"tool":"run_code","server":"stellify","session":"s1","session_source":"mcp_session","expect":"allow"}""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("default", run.Lines.Single().GetProperty("grant").GetString());
    }

    [Fact]
    public async Task A_broken_line_is_not_quoted()
    {
        Command run = await Command.StreamAsync("""{"tool":"run_code","arguments":{"password":hunter2}}""");

        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("h", run.Error.Replace("The", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_never_ran_gives_its_quota_back_once()
    {
        Command run = await Command.StreamAsync(
        [
            .. Enumerable.Repeat(Call, 10),
            """{"complete":"last","outcome":"not_executed"}""",
            Call,
            """{"complete":"last","outcome":"failed"}""",
            """{"complete":"last","outcome":"not_executed"}""",
            Call,
        ]);

        Assert.Equal("""{"event":"complete","ok":true}""", run.Lines[10].GetRawText());
        Assert.Equal("allowed", run.Lines[11].GetProperty("code").GetString());
        Assert.Equal("""{"event":"complete","ok":false}""", run.Lines[13].GetRawText());
        Assert.Equal("limit_exceeded", run.Lines[14].GetProperty("code").GetString());
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("stdin:14: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("last")]
    [InlineData("no-such-decision")]
    public async Task A_denied_or_unknown_call_has_no_outcome_to_report(string target)
    {
        Command run = await Command.StreamAsync("""{"tool":"other"}""", $$"""{"complete":"{{target}}","outcome":"failed"}""");

        Assert.Equal("""{"event":"complete","ok":false}""", run.Lines[1].GetRawText());
        Assert.Equal(1, run.ExitCode);
    }

    [Theory]
    [InlineData("29999ms", "limit_exceeded")]
    [InlineData("30000ms", "allowed")]
    [InlineData("29s", "limit_exceeded")]
    [InlineData("30s", "allowed")]
    [InlineData("1h", "allowed")]
    [InlineData("1d", "allowed")]
    public async Task Advance_moves_the_clock_from_the_systems_time(string duration, string code)
    {
        Command run = await Command.StreamAsync([.. Enumerable.Repeat(Call, 10), $$"""{"advance":"{{duration}}"}""", Call]);

        Assert.Equal("""{"event":"advance","ok":true}""", run.Lines[10].GetRawText());
        Assert.Equal(code, run.Codes.Last());
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Each_answer_is_written_before_the_next_line_is_read()
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var input = new ConversationStream(output);
        int exitCode = await PolicyLayer.Cli.PolicyLayerCommand.RunAsync(
            ["check", Command.Stellify, "--calls", "-", "--json"],
            new PolicyLayer.Cli.CommandEnvironment { Input = input, Output = output, Error = error });

        Assert.Equal("", error.ToString());
        Assert.Equal(0, exitCode);
        Assert.True(input.SawOk, "The report by decision id wasn't answered.");
    }

    [Fact]
    public async Task A_person_at_standard_input_is_answered_line_by_line_too()
    {
        Command run = await Command.RunAsync(
            new Command.Setup { Width = 200, Input = """{"tool":"run_code"}"""u8.ToArray() }, "check", Command.Stellify, "--calls", "-");

        Assert.Equal("1 run_code (default): allow allowed\n", run.Output);
    }

    [Fact]
    public async Task A_bug_ends_with_2_and_its_message_is_kept_back()
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int exitCode = await PolicyLayer.Cli.PolicyLayerCommand.RunAsync(
            ["check", Command.Stellify, "--calls", "-", "--json"],
            new PolicyLayer.Cli.CommandEnvironment { Input = new BrokenStream(), Output = output, Error = error });

        Assert.Equal(2, exitCode);
        Assert.Contains("System.InvalidOperationException", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private sealed class BrokenStream : SilentStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("hunter2");
    }

    [Fact]
    public async Task A_cancelled_run_ends_with_2()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new MemoryStream();
        using var error = new StringWriter();
        Task<int> run = PolicyLayer.Cli.PolicyLayerCommand.RunAsync(
            ["check", Command.Stellify, "--calls", "-", "--json"],
            new PolicyLayer.Cli.CommandEnvironment { Input = new SilentStream(), Output = output, Error = error },
            cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(2, await run);
    }

    /// <summary>Asks, reads the answer, reports by its decision id, and ends.</summary>
    private sealed class ConversationStream(MemoryStream output) : SilentStream
    {
        private int _step;

        public bool SawOk { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            string answers = Encoding.UTF8.GetString(output.ToArray());
            string next = "";
            switch (_step++)
            {
                case 0:
                    next = Call + "\n";
                    break;
                case 1:
                    string id = answers.Split("\"decision_id\":\"")[1].Split('"')[0];
                    next = $$"""{"complete":"{{id}}","outcome":"succeeded"}""" + "\n";
                    break;
                default:
                    SawOk = answers.EndsWith("{\"event\":\"complete\",\"ok\":true}\n", StringComparison.Ordinal);
                    break;
            }

            return new ValueTask<int>(Encoding.UTF8.GetBytes(next, buffer.Span));
        }
    }

    /// <summary>Never ends and never answers, whatever it is told.</summary>
    private class SilentStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<int>().Task);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Fact]
    public async Task Rules_read_the_context_of_a_line()
    {
        const string Policy = """
            { "version": "1", "default": "deny", "tools": { "t": {
              "require": [{ "conditions": [{ "path": "context.office", "op": "eq", "value": "open" }] }] } } }
            """;
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Policy);
        Command run = await Command.RunAsync(
            new Command.Setup
            {
                Input = """
                    {"tool":"t","context":{"office":"open"}}
                    {"tool":"t","context":{"office":"shut"}}
                    {"tool":"t"}
                    {"tool":"t","context":{"office":"open","office":"open"}}
                    """u8.ToArray(),
            },
            "check",
            file,
            "--calls",
            "-",
            "--json");
        File.Delete(file);

        Assert.Equal(["allowed", "require_failed", "require_failed", "context_malformed"], run.Codes);
    }

    public static TheoryData<string> ExamplesWithCalls =>
        [
            .. Directory.GetFiles(Path.GetDirectoryName(Command.Stellify)!, "*.calls.jsonl")
                .Select(file => Path.GetFileName(file).Split('.')[0]),
        ];

    [Theory]
    [MemberData(nameof(ExamplesWithCalls))]
    public async Task Every_call_of_an_example_is_judged_as_it_expects(string name)
    {
        string calls = Command.Example(name + ".calls.jsonl");
        Command run = await Command.RunAsync("check", Command.Example(name + ".json"), "--calls", calls, "--json");

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadLines(calls).Count(), run.Lines.Count);
        Assert.All(run.Lines, line => Assert.True(line.TryGetProperty("expected", out _) || line.TryGetProperty("event", out _)));
    }
}
