using PolicyLayer.Tests.Auditing.Verification;
using PolicyLayer.Tests.Cli.Approvals;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary><c>audit export</c>, <c>stats</c> and <c>tail</c>.</summary>
public sealed class AuditShowTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lines_are_exported_as_they_stand()
    {
        List<string> lines = MadeLog.Lines(12);
        string[] files = [_folder.Write(lines[..5], "audit.000001.jsonl"), _folder.Write(lines[5..])];

        Assert.Equal(new Command(0, MadeLog.Text(lines), ""), await RunAsync("export", files));
        Assert.Equal(
            MadeLog.Text(lines[3..7]),
            (await RunAsync("export", [.. files, "--from", "2026-01-01T01:00:03+01:00", "--to", "2026-01-01T00:00:07Z"])).Output);
        Assert.Equal(
            MadeLog.Text([lines[1], lines[7]]), (await RunAsync("export", [.. files, "--grant", "g1", "--tool", "t1"])).Output);
    }

    [Fact]
    public async Task A_record_without_a_time_is_in_no_span_and_one_without_a_grant_is_no_grants()
    {
        var log = new MadeLog();
        string file = _folder.Write([log.Next("\"kind\":\"decision\",\"grant\":\"g\""), log.Next("\"kind\":\"recovery\",\"cut_bytes\":3")]);

        Assert.Equal("", (await RunAsync("export", file, "--from", "0001-01-01T00:00:00Z")).Output);
        Assert.Contains("\"sequence\":1", (await RunAsync("export", file, "--grant", "g")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("recovery", (await RunAsync("export", file, "--grant", "g")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_has_fixed_columns_and_no_formulas()
    {
        var log = new MadeLog();
        string[] lines =
        [
            log.Next("\"kind\":\"decision\",\"time\":\"2026-01-01T00:00:00+00:00\",\"grant\":\"=1+1\",\"tool\":\"a,\\\"b\\\"\\nc\","
                + "\"message\":\"@x\",\"argument_names\":[\"-a\",\"b\"],\"argument_bytes\":12"),
            log.Next("\"kind\":\"completion\",\"grant\":\"+\",\"tool\":\"\\tt\",\"rule\":\"\\rr\",\"status\":\"-s\",\"unknown\":1"),
        ];

        Command run = await RunAsync("export", _folder.Write(lines), "--format", "csv");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "sequence,previous,kind,time,decision_id,continues,trace_id,grant,grant_label,session,session_source,server,tool,risk,outcome,"
            + "code,rule,rule_name,message,policy,revision,previous_revision,became_first,new_counters,new_marks,grants_added,"
            + "grants_changed,grants_removed,argument_names,argument_bytes,arguments_digest,inputs_digest,counters,approval_id,"
            + "answered_by,retry_after_ms,status,uses,until,exact,duration_ms,cut_bytes,shortened,key,hash\n"
            + $"1,{MadeLog.NoHash},decision,2026-01-01T00:00:00+00:00,,,,'=1+1,,,,,\"a,\"\"b\"\"<U+000A>c\",,,,,,'@x,,,,,,,,,,"
            + "\"[\"\"-a\"\",\"\"b\"\"]\",12,,,,,,,,,,,,,,,"
            + MadeLog.HashOf(lines[0]) + "\n"
            + $"2,{MadeLog.HashOf(lines[0])},completion,,,,,'+,,,,,'<U+0009>t,,,,'<U+000D>r,,,,,,,,,,,,,,,,,,,,'-s,,,,,,,,"
            + log.Head + "\n",
            run.Output);
    }

    [Theory]
    [InlineData("\"grant\":\"\\n=x\"", "'<U+000A>=x,")]
    [InlineData("\"grant\":\" =x\"", "' =x,")]
    [InlineData("\"grant\":\"＝x\"", "'＝x,")]
    [InlineData("\"grant\":\"\\u001b[2J\\u009b\\u202e\"", ",<U+001B>[2J<U+009B><U+202E>,")]
    public async Task No_cell_is_a_formula_or_steers_a_terminal(string member, string cell)
    {
        Command run = await RunAsync("export", _folder.Write([new MadeLog().Next(member)]), "--format", "csv");

        Assert.Contains(cell, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"sequence\":\"\\u001b[2J\",\"tool\":\"t\",\"grant\":\"g\"")]
    [InlineData("\"\\ud800\":1,\"tool\":\"t\",\"grant\":\"g\"")]
    public async Task Lines_that_no_sink_writes_are_shown_as_far_as_they_can_be(string members)
    {
        string file = _folder.Write([new MadeLog().Next(members)]);

        foreach (string command in (string[])["tail", "stats", "export"])
        {
            Command run = await RunAsync(command, file);
            Assert.Equal(("", 0), (run.Error, run.ExitCode));
            Assert.DoesNotContain("\u001b", run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--from", "2026-01-01T00:00:00", "is no date and time with an offset")]
    [InlineData("--to", "yesterday", "is no date and time with an offset")]
    [InlineData("--format", "xml", "xml")]
    public async Task What_cannot_be_asked_for_ends_the_command(string option, string value, string expected)
    {
        Command run = await RunAsync("export", _folder.Write(MadeLog.Lines(1)), option, value);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("stats")]
    public async Task Lines_that_are_none_are_left_out_and_told(string command)
    {
        List<string> lines = MadeLog.Lines(3);
        await File.WriteAllTextAsync(_folder.Log, $"{lines[0]}\nnonsense\n{lines[1]}\n{new string('x', 70_000)}\n{lines[2][..40]}");

        Command run = await RunAsync(command, _folder.Log);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"{_folder.Log}(2): 3 lines are no lines of a log and were left out. Help: `policylayer audit verify` says what is wrong.\n",
            run.Error);
        Assert.Contains(command == "export" ? MadeLog.Text(lines[..2]) : "2 records", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_count_who_which_tool_and_what_decided()
    {
        var log = new MadeLog();
        List<string> lines = MadeLog.Lines(12, log);
        lines.Add(log.Next("\"kind\":\"completion\",\"grant\":\"g0\",\"tool\":\"t0\",\"outcome\":\"allow\",\"code\":\"allowed\""));
        lines.Add(log.Next(
            "\"kind\":\"correction\",\"grant\":\"g0\",\"tool\":\"t\\u001b\",\"outcome\":\"deny\",\"code\":\"audit_unavailable\""));
        lines.Add(log.Next("\"kind\":\"approval\",\"grant\":\"g0\",\"tool\":\"t0\",\"outcome\":\"approval_required\""));

        Command run = await RunAsync("stats", _folder.Write(lines));

        Assert.Equal(0, run.ExitCode);
        string[] rows = run.Output.Split('\n');
        string Row(string first) => string.Join(' ', rows.Single(row => row.TrimStart().StartsWith(first, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("15 records, 2026-01-01 00:00:00 to 2026-01-01 00:00:11 UTC", rows[0]);
        Assert.Equal("grant calls allowed denied asked corrected", Row("grant"));
        Assert.Equal("g0 4 3 1 0 1", Row("g0"));
        Assert.Equal("g1 4 3 1 0 0", Row("g1"));
        Assert.Equal("t0 6 3 3 0 0", Row("t0"));
        Assert.Equal("t<U+001B> 0 0 0 0 1", Row("t<"));
        Assert.Equal("allowed 9", Row("allowed"));
        Assert.Equal("rule_denied 3", Row("rule_denied"));
        Assert.Equal("audit_unavailable 1", Row("audit_unavailable"));
    }

    [Fact]
    public async Task More_rows_than_a_person_reads_are_counted()
    {
        var log = new MadeLog();
        IEnumerable<string> lines = Enumerable.Range(0, 25)
            .Select(i => log.Next($"\"kind\":\"decision\",\"grant\":\"g\",\"tool\":\"t{i:00}\""));

        Command run = await RunAsync("stats", _folder.Write([.. lines]));

        Assert.Contains("t19 ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("t20 ", run.Output, StringComparison.Ordinal);
        Assert.Contains("  and 5 more\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_records_are_shown()
    {
        var log = new MadeLog();
        List<string> lines = MadeLog.Lines(300, log);
        lines.Add(log.Next(
            "\"kind\":\"completion\",\"time\":\"2026-01-01T00:00:30Z\",\"grant\":\"g\",\"tool\":\"a\\u202e b\",\"status\":\"failed\""));
        lines.Add(log.Next("\"kind\":\"recovery\",\"time\":\"2026-01-01T00:00:30Z\",\"cut_bytes\":12"));
        lines.Add(log.Next(
            "\"kind\":\"approval\",\"time\":\"2026-01-01T00:00:31Z\",\"grant\":\"g\",\"tool\":\"t\",\"approval_id\":\"0a1b\","
            + "\"status\":\"refused\",\"answered_by\":\"a b\""));
        lines.Add(log.Next(
            "\"kind\":\"approval\",\"time\":\"2026-01-01T00:00:32Z\",\"grant\":\"g\",\"tool\":\"t\",\"status\":\"expired\""));
        string file = _folder.Write(lines);

        Assert.Equal(
            "300  2026-01-01 00:04:59 UTC  t1 (g2)  allow allowed\n"
            + "301  2026-01-01 00:00:30 UTC  \"a<U+202E> b\" (g)  failed\n"
            + "302  2026-01-01 00:00:30 UTC  recovery: 12 bytes of a torn line were cut off\n"
            + "303  2026-01-01 00:00:31 UTC  t (g)  approval 0a1b  refused  by \"a b\"\n"
            + "304  2026-01-01 00:00:32 UTC  t (g)  approval  expired\n",
            (await RunAsync("tail", file, "-n", "5")).Output);
        Assert.Equal(20, (await RunAsync("tail", file)).Output.Split('\n').Length - 1);
        Assert.Equal(304, (await RunAsync("tail", file, "-n", "500")).Output.Split('\n').Length - 1);
        Assert.Equal(290, (await RunAsync("tail", file, "-n", "290")).Output.Split('\n').Length - 1);
        Assert.Equal("", (await RunAsync("tail", file, "-n", "0")).Output);
        foreach (string none in (string[])["some", "-1", "2147483648", "1.5"])
        {
            Command refused = await RunAsync("tail", file, "-n", none);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            Assert.StartsWith("`-n` must be a whole number from 0 to 2147483647.\n", refused.Error, StringComparison.Ordinal);
        }

        await File.AppendAllTextAsync(file, "nonsense\n" + lines[0][..20]);
        Assert.Equal("(no line of a log)\n", (await RunAsync("tail", file, "-n", "1")).Output);
    }

    [Fact]
    public async Task Reloads_are_shown_exported_and_counted_as_records()
    {
        var log = new MadeLog();
        string file = _folder.Write(
        [
            log.Next(
                "\"kind\":\"reload\",\"time\":\"2026-01-01T00:00:30Z\",\"policy\":\"a\\u202e\",\"revision\":\"2\","
                + "\"previous_revision\":\"1\",\"became_first\":true,\"new_counters\":[\"a\",\"b\"],\"new_marks\":[\"t\"]"),
            log.Next("\"kind\":\"reload\",\"time\":\"2026-01-01T00:00:31Z\",\"policy\":\"q\",\"previous_revision\":\"1\""),
            log.Next(
                "\"kind\":\"reload\",\"time\":\"2026-01-01T00:00:32Z\",\"grants_added\":1,\"grants_changed\":0,\"grants_removed\":2"),
        ]);

        Assert.Equal(
            "1  2026-01-01 00:00:30 UTC  reload: a<U+202E> has revision 2  before 1  the first now  "
            + "2 counters begin anew  1 marks begin anew\n"
            + "2  2026-01-01 00:00:31 UTC  reload: q is gone  before 1\n"
            + "3  2026-01-01 00:00:32 UTC  reload: 1 grants added, 0 changed, 2 removed\n",
            (await RunAsync("tail", file)).Output);
        string[] rows = (await RunAsync("export", file, "--format", "csv")).Output.Split('\n');
        Assert.Contains(",a<U+202E>,2,1,true,\"[\"\"a\"\",\"\"b\"\"]\",\"[\"\"t\"\"]\",,,,", rows[1], StringComparison.Ordinal);
        Assert.Contains(",1,0,2,", rows[3], StringComparison.Ordinal);
        Assert.Equal("", (await RunAsync("export", file, "--tool", "t")).Output);
        Assert.StartsWith("{\"records\":3,", (await RunAsync("stats", file, "--json")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"by\"", (await RunAsync("stats", file, "--json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_is_shown_over_torn_lines_and_rotations_until_it_is_cancelled()
    {
        List<string> lines = MadeLog.Lines(12);
        var time = new WatchedTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _folder.Write(lines[..3]);
        await using var terminal = new DrivenTerminal(
            new Command.Setup { Time = time }, isInteractive: false, "audit", "tail", _folder.Log, "-n", "1", "--follow");

        async Task LookAsync(string expected)
        {
            await time.TimerMadeAsync();
            Assert.Equal(expected, string.Concat(terminal.Text.Split('\n').Select(row => row.Split(' ')[0] + " ")).Trim());
        }

        await LookAsync("3");
        await File.AppendAllTextAsync(_folder.Log, MadeLog.Text([lines[3]]) + lines[4][..50]);
        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync("3 4");

        // A writer that opens the log cuts the torn line off.
        File.WriteAllText(_folder.Log, MadeLog.Text(lines[..4]));
        await File.AppendAllTextAsync(_folder.Log, MadeLog.Text([lines[4]]));
        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync("3 4 5");

        await File.AppendAllTextAsync(_folder.Log, MadeLog.Text([lines[5]]));
        File.Move(_folder.Log, _folder.In("audit.000001.jsonl"));
        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync("3 4 5 6");
        _folder.Write(lines[6..8]);
        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync("3 4 5 6 7 8");

        File.Move(_folder.Log, _folder.In("audit.000002.jsonl"));
        _folder.Write(lines[10..]);
        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync("3 4 5 6 7 8 11 12");

        Assert.Equal(0, await terminal.CancelAsync());
        Assert.Equal(
            "Records 9 to 10 aren't in this file: they stand in rotated ones, or are missing. "
                + "Help: `policylayer audit verify` says which.\n",
            terminal.Error);
    }

    [Fact]
    public async Task The_columns_of_csv_are_the_members_that_the_page_lists()
    {
        string page = Path.Combine(AppContext.BaseDirectory, "schema", "audit.md");
        IEnumerable<string> members = File.ReadLines(page)
            .SkipWhile(line => line != "## Members")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',').Select(member => member.Trim(' ', '`')));

        Assert.Equal(string.Join(',', members) + "\n", (await RunAsync("export", _folder.Write([]), "--format", "csv")).Output);
    }

    [Fact]
    public async Task The_last_records_are_shown_to_programs_as_they_stand()
    {
        var log = new MadeLog();
        List<string> lines = MadeLog.Lines(3, log);
        lines.Add(log.Next("\"kind\":\"decision\",\"tool\":\"\u202e\u009b\""));
        string file = _folder.Write(lines);

        Assert.Equal(new Command(0, MadeLog.Text(lines[1..]), ""), await RunAsync("tail", file, "-n", "3", "--json"));
        Command shown = await Command.RunAsync(new Command.Setup { Width = 80 }, "audit", "tail", file, "-n", "1", "--json");
        Assert.Contains("\"tool\":\"\\u202e\\u009b\"", shown.Output, StringComparison.Ordinal);

        await File.AppendAllTextAsync(file, "nonsense\n" + lines[0] + "\n" + lines[0][..20]);
        Assert.Equal(
            new Command(0, MadeLog.Text([lines[0]]), $"`{file}`: a line is no line of a log and was left out.\n"),
            await RunAsync("tail", file, "-n", "2", "--json"));
    }

    [Fact]
    public async Task Statistics_for_programs_have_every_row()
    {
        var log = new MadeLog();
        List<string> lines = MadeLog.Lines(4, log);
        lines.AddRange(Enumerable.Range(0, 25).Select(i => log.Next($"\"kind\":\"decision\",\"grant\":\"g\",\"tool\":\"u{i:00}\"")));
        lines.Add(log.Next(
            "\"kind\":\"correction\",\"grant\":\"g0\",\"tool\":\"t0\",\"outcome\":\"deny\",\"code\":\"late\",\"rule\":\"/r\""));

        Command run = await RunAsync("stats", _folder.Write(lines), "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] rows = run.Output.Split('\n');
        Assert.Equal(1 + 4 + 27 + 4 + 1, rows.Length);
        Assert.Equal("{\"records\":30,\"first\":\"2026-01-01T00:00:00+00:00\",\"last\":\"2026-01-01T00:00:03+00:00\"}", rows[0]);
        Assert.Equal("{\"by\":\"grant\",\"grant\":\"g\",\"calls\":25,\"allowed\":0,\"denied\":0,\"asked\":0,\"corrected\":0}", rows[1]);
        Assert.Equal("{\"by\":\"grant\",\"grant\":\"g0\",\"calls\":2,\"allowed\":1,\"denied\":1,\"asked\":0,\"corrected\":1}", rows[2]);
        Assert.Equal("{\"by\":\"tool\",\"tool\":\"t0\",\"calls\":2,\"allowed\":1,\"denied\":1,\"asked\":0,\"corrected\":1}", rows[5]);
        Assert.Equal("{\"by\":\"rule\",\"code\":\"allowed\",\"records\":3}", rows[33]);
        Assert.Equal("{\"by\":\"rule\",\"code\":\"late\",\"rule\":\"/r\",\"records\":1}", rows[34]);
        Assert.Equal(new Command(0, "{\"records\":0}\n", ""), await RunAsync("stats", _folder.Write([]), "--json"));
    }

    [Fact]
    public async Task Names_beyond_so_many_are_counted_together()
    {
        const int Names = 100_000;
        IEnumerable<string> lines = Enumerable.Range(0, Names + 7).Select(i => Line(i, "t")).Append(Line(3, "u"));
        string file = _folder.Write(lines);
        static string Line(int i, string tool) =>
            $"{{\"kind\":\"decision\",\"grant\":\"g{i}\",\"tool\":\"{tool}\",\"outcome\":\"allow\",\"code\":\"c\",\"rule\":\"{i}\"}}";

        Command run = await RunAsync("stats", file);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            "  and 99980 more\n  and records of names beyond the first 100000, counted together: 7\n",
            run.Output,
            StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Split("counted together").Length - 1);

        run = await RunAsync("stats", file, "--json");
        string[] others = [.. run.Output.Split('\n').Where(row => row.Contains("others", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "{\"by\":\"grant\",\"others\":true,\"calls\":7,\"allowed\":7,\"denied\":0,\"asked\":0,\"corrected\":0}",
                "{\"by\":\"rule\",\"others\":true,\"records\":7}",
            ],
            others);
        Assert.Contains("{\"by\":\"grant\",\"grant\":\"g3\",\"calls\":2,", run.Output, StringComparison.Ordinal);
    }

    private static Task<Command> RunAsync(string command, params string[] args) => Command.RunAsync(["audit", command, .. args]);
}
