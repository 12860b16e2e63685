using System.Text;
using System.Text.Json;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Tests.Auditing;

public sealed class JsonLinesAuditSinkTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_full_record_is_one_line_with_its_members_in_order()
    {
        var record = new AuditRecord
        {
            Kind = AuditRecordKind.Completion,
            Sequence = 7,
            Time = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)),
            DecisionId = "id",
            GrantId = "ci",
            SessionId = "s",
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
            Counters = [new AuditCounter("spent", 99.95m, 500m), new AuditCounter("calls", null, 10m)],
            RetryAfter = TimeSpan.FromMilliseconds(1500),
            CallOutcome = ToolCallOutcome.NotExecuted,
            Duration = TimeSpan.FromMicroseconds(1234.5),
        };
        await WriteAsync(record);

        string text = await File.ReadAllTextAsync(_file);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(c => c == '\n'));
        using JsonDocument line = JsonDocument.Parse(text);
        Assert.Equal("a\n\"b\u2028é", line.RootElement.GetProperty("tool").GetString());
        string expected = """
            {"kind":"completion","sequence":1,"time":"2026-01-01T00:00:00+00:00","decision_id":"id","grant":"ci","session":"s","tool":TOOL,
            "risk":"execute","outcome":"deny","code":"limit_exceeded","rule":"/tools/x/limits/0","rule_name":"name","message":"no",
            "policy":"p","revision":"abc","argument_names":["file","method"],"argument_bytes":12,
            "counters":[{"name":"spent","used":99.95,"max":500},{"name":"calls","max":10}],
            "retry_after_ms":1500,"status":"not_executed","duration_ms":1.234}

            """;
        string tool = line.RootElement.GetProperty("tool").GetRawText();
        Assert.Equal(expected.ReplaceLineEndings("").Replace("TOOL", tool, StringComparison.Ordinal) + "\n", text);
    }

    [Fact]
    public async Task No_tool_name_keeps_its_call_out_of_the_log()
    {
        await using (var sink = new JsonLinesAuditSink(_file))
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
            (await File.ReadAllLinesAsync(_file)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("{\"kind\":\"decision\"}\n", 3)]
    [InlineData("{\"kind\":\"decision\"}\n{\"kind\":\"dec", 4)]
    public async Task A_file_is_appended_to_and_a_torn_line_swallows_no_record(string before, int lines)
    {
        await File.WriteAllTextAsync(_file, before);
        await WriteAsync(Record("first"));
        await WriteAsync(Record("second"));

        string text = await File.ReadAllTextAsync(_file);
        Assert.StartsWith(before, text, StringComparison.Ordinal);
        string[] written = text.TrimEnd('\n').Split('\n');
        Assert.Equal(lines, written.Length);
        Assert.Equal(
            ["first", "second"], written[^2..].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("tool").GetString()));
    }

    [Fact]
    public async Task Two_sinks_never_write_one_file()
    {
        await using (new JsonLinesAuditSink(_file))
        {
            Assert.Throws<IOException>(() => new JsonLinesAuditSink(_file));
        }

        await WriteAsync(Record("t"));
        Assert.Single(await File.ReadAllLinesAsync(_file));
    }

    [Fact]
    public async Task Records_of_many_threads_stand_in_lines_of_their_own()
    {
        await using (var sink = new JsonLinesAuditSink(_file))
        {
            await Parallel.ForAsync(0, 2_000, async (i, token) => await sink.WriteAsync(Record($"t{i}"), token));
        }

        IEnumerable<string?> tools = (await File.ReadAllLinesAsync(_file))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("tool").GetString());
        Assert.Equal(2_000, tools.Distinct().Count());
    }

    [Fact]
    public async Task A_write_that_broke_off_costs_one_record_and_no_other()
    {
        var stream = new TearingStream();
        await using var sink = new JsonLinesAuditSink(stream);
        await sink.WriteAsync(Record("first"));
        stream.TearsNext = true;
        await Assert.ThrowsAsync<IOException>(async () => await sink.WriteAsync(Record("torn")));
        await sink.WriteAsync(Record("last"));

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        JsonElement last = JsonDocument.Parse(lines[2]).RootElement;
        Assert.Equal("last", last.GetProperty("tool").GetString());
        Assert.Equal(3, last.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_disposed_sink_takes_no_record_and_may_be_disposed_again()
    {
        var sink = new JsonLinesAuditSink(_file);
        sink.Dispose();
        sink.Dispose();
        await sink.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sink.WriteAsync(Record("t")));
    }

    [Fact]
    public async Task A_host_that_gives_up_leaves_no_half_a_line()
    {
        await using (var sink = new JsonLinesAuditSink(_file))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await sink.WriteAsync(Record("t"), new CancellationToken(canceled: true)));
        }

        Assert.Empty(await File.ReadAllBytesAsync(_file));
    }

    [Fact]
    public void A_stream_that_cannot_be_written_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new JsonLinesAuditSink(new MemoryStream([], writable: false)));
        Assert.Throws<ArgumentNullException>(() => new JsonLinesAuditSink((Stream)null!));
        Assert.Throws<DirectoryNotFoundException>(() => new JsonLinesAuditSink(Path.Combine(_file, "no", "such.jsonl")));
    }

    private static AuditRecord Record(string tool) =>
        new() { DecisionId = "id", GrantId = "g", Tool = tool, PolicyName = "p", PolicyRevision = "r" };

    private async Task WriteAsync(AuditRecord record)
    {
        await using var sink = new JsonLinesAuditSink(_file);
        await sink.WriteAsync(record);
    }

    private sealed class TearingStream : MemoryStream
    {
        public bool TearsNext { get; set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (TearsNext)
            {
                TearsNext = false;
                await base.WriteAsync(buffer[..10], cancellationToken);
                throw new IOException("disk full");
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
