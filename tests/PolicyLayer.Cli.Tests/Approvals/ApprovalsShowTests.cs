using System.Text;
using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Cli;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary><c>approvals list</c> and <c>show</c>.</summary>
public sealed class ApprovalsShowTests : IDisposable
{
    private const string Policy = """
        {
          "version": "1", "name": "shop", "default": "deny",
          "tools": {
            "pay": {
              "risk": "financial",
              "require": [{ "conditions": [{ "path": "context.till.open", "op": "eq", "value": true }] }],
              "action": "require_approval",
              "approve_if": [{
                "conditions": [{ "path": "args.amount", "op": "gt", "value": 500 }], "reason": "Large payments wait for the treasurer."
              }]
            }
          }
        }
        """;

    private readonly ApprovalDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_request_is_shown_whole_argument_by_argument()
    {
        string id = await PayAsync();
        Command run = await _desk.RunAsync("show", id);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            $"""
            Request {id}
              status   pending, until 2026-01-01 00:10:30 UTC (0:10:00 h)
              asked    2026-01-01 00:00:30 UTC
              grant    ci
              session  s1 (from claim)
              server   till
              tool     pay
              risk     financial
              why      Large payments wait for the treasurer.
              rule     /tools/pay/approve_if/0
              rule     /tools/pay/action
              policy   shop, revision {PolicyLayer.Policy.Parse(Policy).Revision}
              covers   1 call, of exactly these arguments, within 0:10:00 h of the answer
              context.till.open = true
              args.amount = 9007199254740993
              args.items[0].name = "a<U+202E>b"
              args.items[1] = []
              args.note = "é"

            """,
            run.Output);
    }

    [Fact]
    public async Task A_program_gets_all_of_it_escaped_by_JSON_alone()
    {
        string id = await PayAsync();
        Command run = await _desk.RunAsync("show", id, "--json");
        Command list = await _desk.RunAsync("list", "--json");

        Assert.Equal(run.Output, list.Output);
        JsonElement line = Assert.Single(run.Lines);
        Assert.Equal(
            [
                "id", "status", "requested", "until", "grant", "session", "session_source", "server", "tool", "risk", "why", "rule",
                "rules", "policy", "revision", "uses", "for_ms", "uses_left", "context", "arguments",
            ],
            line.EnumerateObject().Select(member => member.Name));
        Assert.Equal(9007199254740993, line.GetProperty("arguments").GetProperty("amount").GetInt64());
        Assert.Equal("a\u202Eb", line.GetProperty("arguments").GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal("""{"context.till.open":true}""", line.GetProperty("context").GetRawText());
        Assert.Equal(("pending", id), (line.GetProperty("status").GetString(), line.GetProperty("id").GetString()));
        Assert.Equal(600_000, line.GetProperty("for_ms").GetInt32());
    }

    [Fact]
    public async Task Names_are_marked_beyond_ASCII_and_a_label_where_it_deceives()
    {
        string id = await _desk.PutAsync(
            """
            {"v":1,"server":"s\u0443","session":"\u200b1","session_source":"host","tool":"r\u0443n","policy":"p\u00e9","revision":"0",
            "rules":["/tools/r\u0443n/action"],"reason":"Wait, \u202eé","arguments":{"p\u0443":1},"label":"Köln\u200b"}
            """);
        Command run = await _desk.RunAsync("show", id);

        Assert.All(
            [
                "server   s<U+0443>\n", "session  <U+200B>1 (from host)\n", "tool     r<U+0443>n\n", "policy   p<U+00E9>, revision 0\n",
                "rule     /tools/r<U+0443>n/action\n", "why      Wait, <U+202E>é\n", "label    Köln<U+200B>\n",
                "args[\"p<U+0443>\"] = 1\n",
            ],
            part => Assert.Contains(part, run.Output, StringComparison.Ordinal));
        Command list = await _desk.RunAsync("list");
        Assert.Contains("r<U+0443>n", list.Output, StringComparison.Ordinal);
        Assert.Contains("Wait, <U+202E>é", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_counters_stand_at_is_shown_limit_by_limit()
    {
        const string Counted = """
            {"version":"1","name":"shop","default":"deny","all_tools":{"limits":[{"counter":"calls","window":"hour","max":10}]},
            "tools":{"look":{},"pay":{"action":"require_approval",
            "limits":[{"counter":"paid","window":"day","max":20000.5,"increment_from":"args.amount"}]}}}
            """;
        string id = await _desk.AskAsync(new ToolCall("pay", ToolArguments.FromJson("""{"amount":0.25}""")) { GrantId = "ci" }, Counted);
        Command run = await _desk.RunAsync("show", id);
        Command json = await _desk.RunAsync("show", id, "--json");
        Command list = await _desk.RunAsync("list", "--json");

        Assert.Contains(
            "  counter  calls  0 of 10 used, 1 after this call\n  counter  paid  0 of 20000.5 used, 0.25 after this call\n  args.",
            run.Output,
            StringComparison.Ordinal);
        Assert.Equal(
            """
            [{"rule":"/all_tools/limits/0","name":"calls","used":0,"amount":1,"max":10},
            {"rule":"/tools/pay/limits/0","name":"paid","used":0,"amount":0.25,"max":20000.5}]
            """.ReplaceLineEndings(""),
            json.Lines[0].GetProperty("counters").GetRawText());
        Assert.Equal(json.Output, list.Output);
    }

    [Fact]
    public async Task What_a_counter_holds_is_shown_and_its_name_can_not_pretend_to_say_it()
    {
        string id = await _desk.PutAsync(
            """
            {"v":1,"tool":"run","policy":"p","revision":"0","arguments":{},"counters":[
            {"rule":"/tools/run/limits/0","name":"c","used":3,"amount":1,"max":10},
            {"rule":"/tools/run/limits/1","name":"x  0 of 9 used","used":8.5,"amount":0,"max":9},
            {"rule":"/tools/run/limits/2","name":"\u0441\n","used":1,"amount":1,"max":9007199254}]}
            """);
        Command run = await _desk.RunAsync("show", id);

        Assert.All(
            [
                "  counter  c  3 of 10 used, 4 after this call\n",
                "  counter  \"x  0 of 9 used\"  8.5 of 9 used, 8.5 after this call\n",
                "  counter  <U+0441><U+000A>  1 of 9007199254 used, 2 after this call\n",
            ],
            line => Assert.Contains(line, run.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[{\"rule\":\"r\",\"name\":\"\\ud800\",\"used\":1,\"amount\":1,\"max\":2}]")]
    public async Task Counters_of_another_form_are_not_shown_and_all_else_is(string counters)
    {
        string id = await _desk.PutAsync(
            $$"""{"v":1,"tool":"run","policy":"p","revision":"0","arguments":{"a":1},"counters":{{counters}}}""");
        Command run = await _desk.RunAsync("show", id);
        Command json = await _desk.RunAsync("show", id, "--json");

        Assert.Equal((0, 0), (run.ExitCode, json.ExitCode));
        Assert.DoesNotContain("counter", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("  args.a = 1\n", run.Output, StringComparison.Ordinal);
        Assert.False(json.Lines[0].TryGetProperty("counters", out _));
    }

    [Fact]
    public async Task More_counters_than_anybody_reads_are_for_programs()
    {
        string counter = """{"rule":"","name":"","used":1,"amount":1,"max":2}""";
        string id = await _desk.PutAsync(
            $$"""
            {"v":1,"tool":"run","policy":"p","revision":"0","arguments":{},
            "counters":[{{string.Join(',', Enumerable.Repeat(counter, 20_000))}}]}
            """);
        Command run = await _desk.RunAsync("show", id);
        Command json = await _desk.RunAsync("show", id, "--json");

        Assert.Contains("It is too large to show here", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("after this call", run.Output, StringComparison.Ordinal);
        Assert.Equal(20_000, json.Lines[0].GetProperty("counters").GetArrayLength());
    }

    [Fact]
    public async Task Names_with_spaces_are_quoted()
    {
        string id = await _desk.PutAsync(
            """
            {"v":1,"server":"a b","session":"s1 (from host)","tool":"run code","policy":"p, revision 1","revision":"0","rules":["/a b"],
            "reason":"Wait, \u05d0","arguments":{"a b":1},"label":"Build \u05d0"}
            """);
        Command run = await _desk.RunAsync("show", id);
        Assert.All(
            [
                "server   \"a b\"\n", "session  \"s1 (from host)\"\n", "tool     \"run code\"\n", "rule     \"/a b\"\n",
                "policy   \"p, revision 1\", revision 0\n", "why      Wait, א (has right-to-left text)\n",
                "label    Build א (has right-to-left text)\n", "args[\"a b\"] = 1\n",
            ],
            part => Assert.Contains(part, run.Output, StringComparison.Ordinal));
        Command list = await _desk.RunAsync("list");
        Assert.Contains("  \"run code\"  ", list.Output, StringComparison.Ordinal);
    }

    /// <summary>What steers a terminal reaches none; a program reads the values as they were, numbers as they were written.</summary>
    [Fact]
    public async Task JSON_for_programs_has_no_raw_control_or_format_character()
    {
        const string Odd = "\u007F\u0085\u009B\u00AD\u061C\u200B\u202E\u2028\u2029\u2066\uFEFF\U0001D173\U000E0041é🙂";
        string id = await _desk.PutAsync(
            $$"""
            {"v":1,"tool":"r\u202en","policy":"p","revision":"0","reason":"\u009b\u202e",
            "context":{ "context.a" : "{{Odd}}" },
            "arguments":{ "{{Odd}}" : ["\ud800{{Odd}}\\\"", 1e400,
              -0.10] } }
            """);
        foreach (string[] args in (string[][])[["show", id], ["list"]])
        {
            Command run = await _desk.RunAsync([.. args, "--json"]);
            Assert.DoesNotMatch("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|\U0001D173|\U000E0041", run.Output.TrimEnd('\n'));
            JsonElement line = Assert.Single(run.Lines);
            JsonProperty argument = Assert.Single(line.GetProperty("arguments").EnumerateObject());
            Assert.Equal((Odd, Odd), (argument.Name, line.GetProperty("context").GetProperty("context.a").GetString()));
            Assert.StartsWith("\"\\ud800\\u007f\\u0085", argument.Value[0].GetRawText(), StringComparison.Ordinal);
            Assert.EndsWith("é🙂\\\\\\\"\"", argument.Value[0].GetRawText(), StringComparison.Ordinal);
            Assert.Equal(("1e400", "-0.10"), (argument.Value[1].GetRawText(), argument.Value[2].GetRawText()));
            Assert.Equal(("r\u202En", "\u009B\u202E"), (line.GetProperty("tool").GetString(), line.GetProperty("why").GetString()));
        }
    }

    /// <summary>An agent that repeats a long path in every line would fill the memory and the terminal of whoever looks.</summary>
    [Fact]
    public async Task What_is_shown_is_linear_in_the_request()
    {
        string arguments = $$"""{"{{new string('k', 300_000)}}":[{{string.Join(',', Enumerable.Repeat('0', 60_000))}}]}""";
        string id = await _desk.PutAsync($$"""{"v":1,"tool":"run","policy":"p","revision":"0","arguments":{{arguments}}}""");
        await using var output = new CountingStream();
        int exitCode = await PolicyLayerCommand.RunAsync(
            ["approvals", "show", id, .. _desk.Options], _desk.Setup.ToEnvironment(output, TextWriter.Null), default);
        Assert.Equal(0, exitCode);
        Assert.InRange(output.Count, arguments.Length, 5L * arguments.Length);
        Assert.InRange(output.LargestWrite, 0, 2 * arguments.Length);
        Assert.Contains("#1[59999] = 0\n", output.Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_which_calls_it_would_cover()
    {
        string id = await _desk.PutAsync(
            """{"v":1,"tool":"push","policy":"p","revision":"0","arguments":{"repo":"a"},"same":["args.repo","args[\"br\u00e4nch\"]"]}""",
            uses: 20,
            TimeSpan.FromHours(1));
        Command run = await _desk.RunAsync("show", id);
        Command json = await _desk.RunAsync("show", id, "--json");

        Assert.Contains(
            "covers   20 calls, of any arguments that have the same args.repo and args[\"br<U+00E4>nch\"], within 1:00:00 h of the ↩\n"
            + "        answer\n",
            run.Output,
            StringComparison.Ordinal);
        Assert.Equal("""["args.repo","args[\"bränch\"]"]""", json.Lines[0].GetProperty("same").GetRawText());
    }

    [Theory]
    [InlineData(null, null, 120)]
    [InlineData("50", null, 50)]
    [InlineData("50", 70, 70)]
    [InlineData("none", null, 120)]
    public async Task A_long_value_is_folded_to_the_width_and_never_cut_off(string? columns, int? terminal, int expected)
    {
        string value = string.Concat(Enumerable.Range(0, 400));
        string id = await _desk.AskAsync("run", $$"""{"code":"{{value}}"}""");
        Command.Setup setup = _desk.Setup with { Width = terminal };
        if (columns is not null)
        {
            setup.Variables.Add("COLUMNS", columns);
        }

        Command run = await _desk.RunAsync(setup, "show", id);
        Assert.Contains($"args.code = \"{value}\"\n", run.Output.Replace("↩\n        ", ""), StringComparison.Ordinal);
        Assert.Equal(expected, run.Output.Split('\n').Max(line => line.Length));
    }

    [Fact]
    public async Task The_list_has_all_pages_the_oldest_first()
    {
        var ids = new List<string>();
        for (int i = 0; i < ApprovalInbox.MaxPage + 2; i++)
        {
            _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
            ids.Add(await _desk.PutAsync("""{"v":1,"tool":"run","policy":"p","revision":"0","reason":"Wait.","arguments":{}}"""));
        }

        Command json = await _desk.RunAsync("list", "--json");
        Command table = await _desk.RunAsync("list");
        Assert.Equal(ids, json.Lines.Select(line => line.GetProperty("id").GetString()));
        string[] rows = table.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(ids, rows[2..].Select(row => row.Trim().Split(' ')[0]));
        Assert.Matches(
            @"^ *id +since \(UTC\) +until \(UTC\) +grant +tool +why$", rows[0]);
        Assert.Matches("^ *0{31}1 +2026-01-01 00:00:30 +2026-01-01 00:10:30 +ci +run +Wait\\.$", rows[2]);
    }

    [Fact]
    public async Task A_list_of_nothing_is_no_output()
    {
        Command run = await _desk.RunAsync("list");
        Assert.Equal((0, "", "Nothing waits for a person.\n"), (run.ExitCode, run.Output, run.Error));
        Command json = await _desk.RunAsync("list", "--json");
        Assert.Equal((0, ""), (json.ExitCode, json.Output));
    }

    [Fact]
    public async Task What_has_ended_says_how_and_that_it_is_erased()
    {
        string before = await _desk.AskAsync("run", """{"secret":"hunter2"}""");
        await _desk.Inbox.ApproveAsync(before, new Approver("alice"));
        DateTimeOffset now = _desk.Time.GetUtcNow();
        StoredApproval approved = (await _desk.Store.FindAsync(new ApprovalQuery(now, before)))!;
        Assert.True(await _desk.Store.SpendAsync(new ApprovalUse(now, before, approved.Binding, approved.ExactBinding)));
        string refused = await _desk.AskAsync("run", """{"secret":"hunter2"}""");
        await _desk.Inbox.RefuseAsync(refused, new Approver("bob\u202E"), "not \u202Etoday");
        string expired = await _desk.AskAsync("walk");
        _desk.Time.Advance(TimeSpan.FromMinutes(9.5));
        Command along = await _desk.RunAsync("show", before);
        Assert.Contains(
            "refused by bob<U+202E> at 2026-01-01 00:00:30 UTC, with another request of the same call",
            along.Output.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        Command refusal = await _desk.RunAsync("show", refused);
        _desk.Time.Advance(TimeSpan.FromMinutes(1));
        Command expiry = await _desk.RunAsync("show", expired);
        Command json = await _desk.RunAsync("show", refused, "--json");

        Assert.Equal(
            $"""
            Request {refused}
              status   refused by bob<U+202E> at 2026-01-01 00:00:30 UTC; the same call is denied until 2026-01-01 00:10:30 UTC ↩
                    (30 s)
              because  not <U+202E>today
              asked    2026-01-01 00:00:30 UTC
              grant    ci
              It has ended, and what it was about is erased.

            """,
            refusal.Output);
        Assert.Contains("status   expired at 2026-01-01 00:10:30 UTC\n", expiry.Output, StringComparison.Ordinal);
        Assert.Contains("It has ended, and what it was about is erased.\n", expiry.Output, StringComparison.Ordinal);
        Assert.False(json.Lines[0].TryGetProperty("readable", out _));
        Assert.Equal("not \u202Etoday", json.Lines[0].GetProperty("because").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0001\u0002sealed")]
    [InlineData("{\"v\":1,")]
    [InlineData("[1]")]
    public async Task What_cannot_be_read_with_these_keys_says_so(string content)
    {
        string id = await _desk.PutAsync(content);
        Command show = await _desk.RunAsync("show", id);
        Command list = await _desk.RunAsync(_desk.Setup with { Width = 200 }, "list");
        Command json = await _desk.RunAsync("list", "--json");

        Assert.Contains("  What it is about can't be read with these keys", show.Output, StringComparison.Ordinal);
        Assert.Contains("It can't be read with these keys.", list.Output, StringComparison.Ordinal);
        Assert.False(json.Lines[0].GetProperty("readable").GetBoolean());
        Assert.Equal((0, 0, 0), (show.ExitCode, list.ExitCode, json.ExitCode));
    }

    [Fact]
    public async Task An_id_that_is_unknown_is_exit_code_1()
    {
        Command run = await _desk.RunAsync("show", "nothing");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("No request has the id `nothing`", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Counts what is written, and keeps none of it but the last.</summary>
    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public int LargestWrite { get; private set; }

        public string Last { get; private set; } = "";

        public override void Write(byte[] buffer, int offset, int count)
        {
            Count += count;
            LargestWrite = Math.Max(LargestWrite, count);
            Last = Encoding.UTF8.GetString(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);
    }

    private Task<string> PayAsync() => _desk.AskAsync(
        new ToolCall("pay", ToolArguments.FromJson("""{"note":"é","amount":9007199254740993,"items":[{"name":"a\u202eb"},[]]}"""))
        {
            GrantId = "ci",
            SessionId = "s1",
            SessionSource = SessionSource.Claim,
            Server = "till",
            Context = ToolArguments.FromJson("""{"till":{"open":true}}"""),
        },
        Policy);
}
