using System.Text.Json;
using PolicyLayer.Auditing;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Auditing;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A reload is recorded, a record for each policy and one for the grants; whoever can't take one doesn't hinder it.</summary>
public sealed class ReloadRecordTests : IDisposable
{
    private const string First = """{ "version": "1", "name": "p", "default": "deny", "tools": { "t": {} } }""";
    private const string Second = """
        { "version": "1", "name": "p", "default": "deny", "tools": {
            "t": { "limits": [{ "counter": "b", "window": "day", "max": 5 }, { "counter": "a", "window": "day", "max": 5 }] },
            "u": { "after": [{ "tool": "t", "within": "hour" }] } } }
        """;

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_policy_and_the_grants_have_a_record()
    {
        var sink = new InMemoryAuditSink();
        var directory = new GrantDirectory([new Grant("a"), new Grant("b")]);
        ToolCallAuthorizer authorizer = Authorizer(sink, directory);

        await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(Second)], [new Grant("a").Revoke(), new Grant("c"), new Grant("d")]));

        Assert.Equal(2, sink.Records.Count);
        AuditRecord policy = sink.Records[0];
        Assert.Equal(
            (AuditRecordKind.Reload, "p", Policy.Parse(Second).Revision, ""),
            (policy.Kind, policy.PolicyName, policy.PolicyRevision, policy.Tool));
        Assert.Equal(
            new AuditReload { PreviousRevision = Policy.Parse(First).Revision, NewCounters = ["a", "b"], NewMarks = ["t"] },
            policy.Reload);
        Assert.NotNull(policy.Time);
        AuditRecord grants = sink.Records[1];
        Assert.Equal((AuditRecordKind.Reload, "", ""), (grants.Kind, grants.PolicyName, grants.PolicyRevision));
        Assert.Equal(new AuditReload { GrantsAdded = 2, GrantsChanged = 1, GrantsRemoved = 1 }, grants.Reload);
    }

    [Fact]
    public async Task A_log_has_lines_of_it_that_verify()
    {
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            ToolCallAuthorizer authorizer = Authorizer(sink, new GrantDirectory([new Grant("a")]));
            await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "a" });
            await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(Second)], []));
            await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(First.Replace("\"p\"", "\"q\"", StringComparison.Ordinal))]));
        }

        List<JsonElement> lines = _folder.Verify();
        Assert.True((await new AuditLogVerifier().VerifyAsync([_folder.Log])).IsGood);
        Assert.Equal(
            [
                $"{{\"policy\":\"p\",\"revision\":\"{Policy.Parse(Second).Revision}\","
                    + $"\"previous_revision\":\"{Policy.Parse(First).Revision}\","
                    + """ "new_counters":["a","b"],"new_marks":["t"]}""".Trim(),
                """{"grants_added":0,"grants_changed":0,"grants_removed":1}""",
            ],
            lines.Skip(1).Take(2).Select(MembersOf));
        Assert.False(lines[3].TryGetProperty("previous_revision", out _));
        Assert.Equal("p", lines[4].GetProperty("policy").GetString());
        Assert.False(lines[4].TryGetProperty("revision", out _));
    }

    [Fact]
    public async Task A_sink_that_fails_or_hangs_hinders_no_reload()
    {
        var faults = new List<Fault>();
        var failing = new StubSink { Write = _ => throw new IOException() };
        var hanging = new StubSink { Write = _ => new ValueTask(new TaskCompletionSource().Task) };
        var good = new InMemoryAuditSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(First, options =>
        {
            options.AuditSinks.Add(failing);
            options.AuditSinks.Add(hanging);
            options.AuditSinks.Add(good);
            options.FaultListener = new FaultList(faults);
        });
        using var giveUp = new CancellationTokenSource();
        Task<PolicyReload> reload = authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(Second)]), giveUp.Token).AsTask();

        // It is in force before it is recorded, and though nobody waits for that.
        Assert.False(reload.IsCompleted);
        Assert.Equal(ToolAvailability.Callable, await authorizer.DescribeAsync("u"));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reload);
        Assert.Single(good.Records);
        Assert.Equal((FaultKind.AuditWrite, "AuditSinks[0]"), (Assert.Single(faults).Kind, faults[0].Place));
    }

    [Fact]
    public async Task A_line_of_thousands_of_long_names_is_shortened()
    {
        IEnumerable<string> tools = Enumerable.Range(0, 2_000).Select(i => $"\"{new string('é', 110)}{i}\"");
        string limited = string.Concat(tools.Select(tool => $$"""{{tool}}: { "rate_limit": "1/minute" }, """));
        string orders = string.Join(',', tools.Take(10).Select(tool => $$"""{ "tool": {{tool}}, "within": 60 }"""));
        string large = $$"""
            { "version": "1", "name": "p", "default": "allow", "tools": { {{limited}} "last": { "after": [{{orders}}] } } }
            """;
        var memory = new InMemoryAuditSink();
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            ToolCallAuthorizer authorizer = TestPolicies.Authorizer(First, options =>
            {
                options.AuditSinks.Add(sink);
                options.AuditSinks.Add(memory);
            });
            await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(large)]));
        }

        Assert.Equal(1_000, Assert.Single(memory.Records).Reload!.NewCounters.Count);
        byte[] line = await File.ReadAllBytesAsync(_folder.Log);
        Assert.InRange(line.Length, 20_000, 65_536);
        JsonElement root = Assert.Single(_folder.Verify());
        Assert.True(root.GetProperty("shortened").GetBoolean());
        Assert.NotEqual(0, root.GetProperty("new_counters").GetArrayLength());
    }

    [Fact]
    public async Task A_record_of_nothing_but_long_texts_fits_too()
    {
        var record = LogFolder.Record() with
        {
            Kind = AuditRecordKind.Reload,
            PolicyName = new string('\u0001', 70_000),
            PolicyRevision = new string('é', 70_000),
            Reload = new AuditReload { PreviousRevision = new string('\u0001', 70_000), NewMarks = [new string('a', 70_000)] },
        };
        await using (JsonLinesAuditSink sink = _folder.Open())
        {
            await sink.WriteAsync(record);
        }

        Assert.True(_folder.Verify()[0].GetProperty("shortened").GetBoolean());
    }

    private static string MembersOf(JsonElement line)
    {
        Assert.Equal("reload", line.GetProperty("kind").GetString());
        Assert.True(line.TryGetProperty("time", out _));
        string[] frame = ["sequence", "previous", "kind", "time", "hash"];
        return "{" + string.Join(',', line.EnumerateObject()
            .Where(member => !frame.Contains(member.Name)).Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
    }

    private static ToolCallAuthorizer Authorizer(IAuditSink sink, GrantDirectory directory)
    {
        var options = new ToolCallAuthorizerOptions { Grants = directory };
        options.AuditSinks.Add(sink);
        return new ToolCallAuthorizer(Policy.Parse(First), options);
    }
}
