using System.Text;
using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Tests.Auditing;

public sealed class JsonLinesAuditSinkTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_record_is_one_line_with_its_members_in_order()
    {
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            await sink.WriteAsync(FullRecord());
        }

        string text = await File.ReadAllTextAsync(_folder.Log);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        JsonElement line = Assert.Single(_folder.Verify());
        Assert.Equal("a\n\"b\u2028é", line.GetProperty("tool").GetString());
        string expected = """
            {"sequence":1,"previous":"0000000000000000000000000000000000000000000000000000000000000000",
            "kind":"completion","time":"2026-01-01T00:00:00+00:00","decision_id":"id","continues":"before","trace_id":"t1",
            "grant":"ci","grant_label":"CI","session":"s","session_source":"host","server":"srv","tool":TOOL,
            "risk":"execute","outcome":"deny","code":"limit_exceeded","rule":"/tools/x/limits/0","rule_name":"name","message":"no",
            "policy":"p","revision":"abc","argument_names":["file","method"],"argument_bytes":12,"arguments_digest":"d1",
            "inputs_digest":"d2","counters":[{"name":"spent","used":99.95,"max":500},{"name":"calls","max":10}],"approval_id":"a1",
            "answered_by":"alice","retry_after_ms":1500,"status":"not_executed","duration_ms":1.234,"hash":"HASH"}
            """;
        expected = expected.ReplaceLineEndings("")
            .Replace("TOOL", line.GetProperty("tool").GetRawText(), StringComparison.Ordinal)
            .Replace("HASH", line.GetProperty("hash").GetString(), StringComparison.Ordinal);
        Assert.Equal(expected + "\n", text);
    }

    [Theory]
    [InlineData(
        ApprovalStatus.Approved,
        ",\"status\":\"approved\",\"uses\":20,\"until\":\"2026-01-01T01:00:00+00:00\",\"exact\":true,\"duration")]
    [InlineData(ApprovalStatus.Refused, ",\"status\":\"refused\",\"duration")]
    [InlineData(ApprovalStatus.Expired, ",\"status\":\"expired\",\"duration")]
    [InlineData(ApprovalStatus.Unknown, ",\"status\":\"unknown\",\"duration")]
    public async Task A_record_of_an_approval_says_what_became_of_it(ApprovalStatus status, string expected)
    {
        bool isApproved = status == ApprovalStatus.Approved;
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            await sink.WriteAsync(FullRecord() with
            {
                Kind = AuditRecordKind.Approval,
                CallOutcome = null,
                ApprovalStatus = status,
                ApprovedUses = isApproved ? 20 : null,
                ApprovedUntil = isApproved ? new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(1)) : null,
                IsApprovalExact = isApproved,
            });
        }

        Assert.Equal("approval", Assert.Single(_folder.Verify()).GetProperty("kind").GetString());
        Assert.Contains(expected, Assert.Single(_folder.Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_record_does_not_say_has_no_member()
    {
        await _folder.WriteAsync("t");

        Assert.Equal(
            ["sequence", "previous", "kind", "decision_id", "grant", "tool", "outcome", "code", "policy", "revision", "hash"],
            Assert.Single(_folder.Verify()).EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task No_tool_name_keeps_its_call_out_of_the_log()
    {
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
                """{ "version": "1", "default": "allow" }""", options => options.AuditSinks.Add(sink));
            foreach (string tool in (string[])["\ud800", "a\udc00b", "\0\u001b[2J"])
            {
                await authorizer.AuthorizeAsync(new ToolCall(tool));
            }
        }

        Assert.Equal(
            ["arguments_malformed", "arguments_malformed", "allowed"],
            _folder.Verify().Select(line => line.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_record_with_half_a_surrogate_pair_lets_no_other_fail()
    {
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            Task half = sink.WriteAsync(LogFolder.Record("\ud800")).AsTask();
            await sink.WriteAsync(LogFolder.Record("whole"));
            await half.ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        Assert.Equal("whole", _folder.Verify()[^1].GetProperty("tool").GetString());
    }

    [Fact]
    public async Task Numbers_and_chain_go_on_over_restarts()
    {
        for (int i = 1; i <= 20; i++)
        {
            await _folder.WriteAsync($"t{i}");
            Assert.Equal(i, _folder.Verify().Count);
        }
    }

    [Fact]
    public async Task Two_authorizers_on_one_sink_number_one_two_three_four()
    {
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            ToolCallAuthorizer[] authorizers = [Authorizer(sink), Authorizer(sink)];
            for (int i = 0; i < 4; i++)
            {
                await authorizers[i % 2].AuthorizeAsync(new ToolCall("t"));
            }
        }

        Assert.Equal([1, 2, 3, 4], _folder.Verify().Select(line => line.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task Two_sinks_never_write_one_file()
    {
        await using (_folder.Open())
        {
            IOException refused = Assert.Throws<IOException>(() => _folder.Open());
            Assert.StartsWith($"The log `{_folder.Log}` can't be opened for writing. ", refused.Message, StringComparison.Ordinal);
            Assert.EndsWith("give each sink a file of its own.", refused.Message, StringComparison.Ordinal);
        }

        await _folder.WriteAsync("t");
        Assert.Single(_folder.Verify());
    }

    [Fact]
    public async Task Records_of_many_threads_stand_in_the_chain_each_once()
    {
        const int Writers = 20, Records = 500;
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                for (int i = 0; i < Records; i++)
                {
                    await sink.WriteAsync(LogFolder.Record($"{writer}-{i}"));
                }
            })));
        }

        List<JsonElement> lines = _folder.Verify();
        Assert.Equal(Writers * Records, lines.Count);
        foreach (IGrouping<string, int[]> own in lines
            .Select(line => line.GetProperty("tool").GetString()!.Split('-'))
            .GroupBy(parts => parts[0], parts => new[] { int.Parse(parts[1]) }))
        {
            Assert.Equal(Enumerable.Range(0, Records), own.Select(number => number[0]));
        }
    }

    [Fact]
    public async Task The_longest_record_still_fits_a_line()
    {
        AuditRecord[] records =
        [
            FullRecord() with { ArgumentNames = [.. Enumerable.Range(0, 64).Select(i => new string('\u0001', 62) + $"{i:D2}")] },
            FullRecord() with
            {
                ArgumentNames = [.. Enumerable.Range(0, 64).Select(i => new string('\u0001', 62) + $"{i:D2}")],
                Message = new('é', 25_000),
            },
            FullRecord() with { Message = new('\u0001', 1_000_000) },
            Enormous(),
        ];
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            foreach (AuditRecord record in records)
            {
                await sink.WriteAsync(record);
            }
        }

        Assert.All(_folder.Lines(), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 65_535));
        List<JsonElement> lines = _folder.Verify();
        Assert.Equal(
            [false, true, true, true], lines.Select(line => line.TryGetProperty("shortened", out JsonElement cut) && cut.GetBoolean()));
        Assert.Equal(64, lines[0].GetProperty("argument_names").GetArrayLength());

        // The names go before the message does, and the message no further than it must.
        Assert.Equal(25_000, lines[1].GetProperty("message").GetString()!.Length);
        Assert.InRange(lines[1].GetProperty("argument_names").GetArrayLength(), 16, 63);
        Assert.False(lines[2].TryGetProperty("argument_names", out _));
        Assert.InRange(lines[2].GetProperty("message").GetString()!.Length, 5_000, 11_000);
        Assert.Equal("limit_exceeded", lines[3].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_disposed_sink_takes_no_record_and_may_be_disposed_again()
    {
        JsonLinesAuditSink sink = _folder.Open();
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i => sink.WriteAsync(LogFolder.Record($"{i}")).AsTask())];
        sink.Dispose();
        sink.Dispose();
        await sink.DisposeAsync();

        await Task.WhenAll(writes);
        Assert.Equal(100, _folder.Verify().Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sink.WriteAsync(LogFolder.Record()));
    }

    [Fact]
    public async Task A_host_that_gave_up_before_leaves_no_line()
    {
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await sink.WriteAsync(LogFolder.Record(), new CancellationToken(canceled: true)));
        }

        Assert.Empty(await File.ReadAllBytesAsync(_folder.Log));
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new JsonLinesAuditSink((JsonLinesAuditSinkOptions)null!));
        Assert.Throws<ArgumentException>(() => new JsonLinesAuditSink(""));
        Assert.Throws<ArgumentNullException>(() => new JsonLinesAuditSink((string)null!));
        Action<JsonLinesAuditSinkOptions>[] wrong =
        [
            options => options.MaxBytes = 65_535, options => options.MaxAge = TimeSpan.Zero, options => options.Keep = 0,
            options => options.SyncInterval = TimeSpan.Zero, options => options.SyncInterval = TimeSpan.FromHours(1.1),
            options => options.DiskSync = (AuditDiskSync)3,
        ];
        Assert.All(wrong, set => Assert.Throws<ArgumentOutOfRangeException>(() => _folder.Open(set)));
        Assert.Throws<DirectoryNotFoundException>(() => new JsonLinesAuditSink(Path.Combine(_folder.Log, "no", "such.jsonl")));
        Assert.Throws<UnauthorizedAccessException>(() => new JsonLinesAuditSink(_folder.Folder));
        Assert.Empty(_folder.Files);
    }

    private static ToolCallAuthorizer Authorizer(IAuditSink sink) =>
        TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""", options => options.AuditSinks.Add(sink));

    private static AuditRecord FullRecord() => new()
    {
        Kind = AuditRecordKind.Completion,
        Sequence = 7,
        Time = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)),
        DecisionId = "id",
        GrantId = "ci",
        GrantLabel = "CI",
        SessionId = "s",
        SessionSource = SessionSource.Host,
        Server = "srv",
        Tool = "a\n\"b\u2028é",
        Risk = ToolRisk.Execute,
        DecisionOutcome = DecisionOutcome.Deny,
        Code = DecisionCode.LimitExceeded,
        Rule = "/tools/x/limits/0",
        RuleName = "name",
        Message = "no",
        PolicyName = "p",
        PolicyRevision = "abc",
        ArgumentNames = ["file", "method"],
        ArgumentBytes = 12,
        ArgumentsDigest = "d1",
        InputsDigest = "d2",
        Counters = [new AuditCounter("spent", 99.95m, 500m), new AuditCounter("calls", null, 10m)],
        ApprovalId = "a1",
        AnsweredBy = "alice",
        Continues = "before",
        TraceId = "t1",
        RetryAfter = TimeSpan.FromMilliseconds(1500),
        CallOutcome = ToolCallOutcome.NotExecuted,
        Duration = TimeSpan.FromMicroseconds(1234.5),
    };

    private static AuditRecord Enormous()
    {
        string huge = new('\u0001', 70_000);
        return FullRecord() with
        {
            DecisionId = huge,
            GrantId = huge,
            GrantLabel = huge,
            SessionId = huge,
            Server = huge,
            Tool = huge,
            Rule = huge,
            RuleName = huge,
            Message = huge,
            PolicyName = huge,
            PolicyRevision = huge,
            ArgumentNames = [huge],
            ArgumentsDigest = huge,
            InputsDigest = huge,
            Counters = [new AuditCounter(huge, 1m, 1m)],
            ApprovalId = huge,
            AnsweredBy = huge,
            Continues = huge,
            TraceId = huge,
        };
    }
}
