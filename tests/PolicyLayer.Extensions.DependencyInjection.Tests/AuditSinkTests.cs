using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Sinks that deny no call: behind a queue, and the loggers.</summary>
public sealed class AuditSinkTests
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": {
            "no": { "action": "deny", "risk": "write", "reason": "Ask first." }, "person": { "action": "require_approval" } } }
        """;

    [Theory]
    [InlineData("type", true)]
    [InlineData("type", false)]
    [InlineData("factory", true)]
    [InlineData("factory", false)]
    public async Task The_container_empties_the_queue_and_then_disposes_the_sink(string how, bool isAsync)
    {
        var log = new WrittenList();
        ServiceProvider provider = Provider(builder =>
        {
            builder.Services.AddSingleton(log);
            _ = how == "type"
                ? builder.AddBestEffortAuditSink<SlowSink>(configure: null)
                : builder.AddBestEffortAuditSink(services => new SlowSink(services.GetRequiredService<WrittenList>()), null);
        });
        var authorizer = provider.GetRequiredService<IToolCallAuthorizer>();
        for (int i = 0; i < 10; i++)
        {
            Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        }

        Assert.IsType<BestEffortAuditSink>(Assert.Single(provider.GetServices<IAuditSink>()));
        if (isAsync)
        {
            await provider.DisposeAsync();
        }
        else
        {
            provider.Dispose();
        }

        Assert.Equal([.. Enumerable.Repeat("t", 10), "disposed"], log.Entries);
    }

    [Fact]
    public async Task A_sink_of_the_hosts_own_is_not_disposed()
    {
        var log = new WrittenList();
        await using (ServiceProvider provider = Provider(builder => builder.AddBestEffortAuditSink(new SlowSink(log), configure: null)))
        {
            await provider.GetRequiredService<IToolCallAuthorizer>().AuthorizeAsync(new ToolCall("t"));
        }

        Assert.Equal(["t"], log.Entries);
    }

    [Fact]
    public async Task The_queue_has_the_containers_listener_and_clock_and_what_the_host_sets()
    {
        var clock = new FakeTimeProvider();
        var listener = new Listener();
        BestEffortAuditSinkOptions? seen = null;
        await using (ServiceProvider provider = Provider(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IFaultListener>(listener);
            builder.AddBestEffortAuditSink(_ => new BrokenSink(), options =>
            {
                seen = options;
                options.Capacity = 7;
            });
        }))
        {
            ToolCallDecision decision = await provider.GetRequiredService<IToolCallAuthorizer>().AuthorizeAsync(new ToolCall("t"));
            Assert.True(decision.IsAllowed);
            listener.Expected = decision.DecisionId;
        }

        Assert.Equal((7, clock, listener), (seen!.Capacity, seen.TimeProvider, seen.FaultListener));
        Fault fault = Assert.Single(listener.Faults);
        Assert.Equal((FaultKind.AuditWrite, listener.Expected), (fault.Kind, fault.DecisionId));
    }

    [Fact]
    public void A_missing_sink_is_refused_and_an_option_out_of_range_when_the_sink_is_made()
    {
        using ServiceProvider provider = Provider(builder =>
        {
            Assert.Throws<ArgumentNullException>(() => builder.AddBestEffortAuditSink((IAuditSink)null!, null));
            Assert.Throws<ArgumentNullException>(() => builder.AddBestEffortAuditSink((Func<IServiceProvider, IAuditSink>)null!, null));
            builder.AddBestEffortAuditSink(new BrokenSink(), options => options.Capacity = 0);
        });
        Assert.Throws<ArgumentOutOfRangeException>(provider.GetRequiredService<IToolCallAuthorizer>);
    }

    [Fact]
    public async Task Records_are_logged_with_their_parts()
    {
        var log = new EntryList();
        await using ServiceProvider provider = Provider(builder => AddLog(builder, log).AddAuditLogger());
        var authorizer = provider.GetRequiredService<IToolCallAuthorizer>();
        var arguments = ToolArguments.FromJson("""{ "path": "a secret" }""");
        ToolCallDecision allowed = await authorizer.AuthorizeAsync(new ToolCall("t", arguments) { GrantId = "ci", SessionId = "s" });
        ToolCallDecision denied = await authorizer.AuthorizeAsync(new ToolCall("no"));
        ToolCallDecision asked = await authorizer.AuthorizeAsync(new ToolCall("person"));
        await authorizer.CompleteAsync(allowed, ToolCallOutcome.Failed);

        Assert.Equal(
            [
                (10, "Allowed", LogLevel.Information, $"allow t: allowed, decision {allowed.DecisionId}"),
                (11, "Denied", LogLevel.Warning, $"deny no: action_deny, decision {denied.DecisionId}"),
                (12, "ApprovalRequired", LogLevel.Information, $"approval_required person: approval_required, decision {asked.DecisionId}"),
                (13, "Completed", LogLevel.Information, $"t failed, decision {allowed.DecisionId}"),
            ],
            log.Entries.Select(entry => (entry.Id.Id, entry.Id.Name, entry.Level, entry.Text)));
        Assert.All(log.Entries, entry => Assert.Equal("PolicyLayer.Audit", entry.Category));
        Assert.Equal(("ci", "s", "t", 22), (
            log.Entries[0].Parts["Grant"], log.Entries[0].Parts["Session"], log.Entries[0].Parts["Tool"],
            log.Entries[0].Parts["ArgumentBytes"]));
        Assert.Equal(["path"], (IEnumerable<string>)log.Entries[0].Parts["ArgumentNames"]!);
        Assert.Equal(("/tools/no/action", denied.Message, "write", denied.PolicyRevision), (
            log.Entries[1].Parts["Rule"], log.Entries[1].Parts["DenialMessage"], log.Entries[1].Parts["Risk"],
            log.Entries[1].Parts["Revision"]));
        Assert.DoesNotContain("DenialMessage", log.Entries[0].Parts.Keys);
        Assert.Equal("failed", log.Entries[3].Parts["Status"]);
        Assert.DoesNotContain("a secret", string.Join(' ', log.Entries.Select(entry => entry.All)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_is_logged_with_who_answered()
    {
        var log = new EntryList();
        await using ServiceProvider provider = Provider(builder => AddLog(builder, log).AddAuditLogger());
        var authorizer = provider.GetRequiredService<ToolCallAuthorizer>();
        ToolCallDecision asked = await authorizer.AuthorizeAsync(new ToolCall("person"));
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice"), "So be it.", isExact: true);
        EntryList.Entry entry = log.Entries[^1];
        Assert.Equal(
            (15, "ApprovalEnded", LogLevel.Information, $"person approved, approval {asked.ApprovalId}, decision {asked.DecisionId}"),
            (entry.Id.Id, entry.Id.Name, entry.Level, entry.Text));
        Assert.Equal(
            ("alice", "approved", 1, true),
            (entry.Parts["AnsweredBy"], entry.Parts["Status"], entry.Parts["ApprovedUses"], entry.Parts["ApprovalIsExact"]));
        Assert.Equal("{Tool} {Status}, approval {ApprovalId}, decision {DecisionId}", entry.Parts["{OriginalFormat}"]);
        Assert.Contains("ApprovedUntil", entry.Parts.Keys);
        Assert.DoesNotContain("So be it.", entry.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_is_a_warning_and_a_name_breaks_no_line()
    {
        var log = new EntryList();
        await using ServiceProvider provider = Provider(builder => AddLog(builder, log).AddAuditLogger().AddAuditSink(new BrokenSink()));
        ToolCallDecision decision = await provider.GetRequiredService<IToolCallAuthorizer>().AuthorizeAsync(new ToolCall("a\nb"));
        (EventId Id, LogLevel Level, string Text) corrected =
            log.Entries.Where(entry => entry.Category == "PolicyLayer.Audit").Select(entry => (entry.Id, entry.Level, entry.Text)).Last();
        Assert.Equal((14, LogLevel.Warning), (corrected.Id.Id, corrected.Level));
        Assert.Equal($"deny a\\nb: audit_unavailable, decision {decision.DecisionId}", corrected.Text);
    }

    [Fact]
    public async Task Loggers_that_break_or_are_missing_deny_no_call()
    {
        foreach (Action<PolicyLayerBuilder> configure in new Action<PolicyLayerBuilder>[]
        {
            builder => AddLog(builder, new EntryList { Throws = true }),
            _ => { },
        })
        {
            await using ServiceProvider provider = Provider(builder =>
            {
                configure(builder);
                builder.AddAuditLogger();
            });
            Assert.True((await provider.GetRequiredService<IToolCallAuthorizer>().AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        }
    }

    private static PolicyLayerBuilder AddLog(PolicyLayerBuilder builder, EntryList log)
    {
        builder.Services.AddLogging(logging => logging.AddProvider(log).AddFilter("PolicyLayer", LogLevel.Warning)
            .AddFilter("PolicyLayer.Audit", LogLevel.Information));
        return builder;
    }

    private static ServiceProvider Provider(Action<PolicyLayerBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddPolicyLayer(options =>
        {
            options.UsePolicyJson(Policy);
            options.DefaultGrantId = "default";
        }));
        return services.BuildServiceProvider();
    }

    private sealed class WrittenList
    {
        public List<string> Entries { get; } = [];
    }

    private sealed class SlowSink(WrittenList log) : IAuditSink, IDisposable
    {
        public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            log.Entries.Add(record.Tool);
        }

        public void Dispose() => log.Entries.Add("disposed");
    }

    private sealed class BrokenSink : IAuditSink
    {
        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default) =>
            throw new IOException("disk full");
    }

    private sealed class Listener : IFaultListener
    {
        public List<Fault> Faults { get; } = [];

        public string? Expected { get; set; }

        public void OnFault(Fault fault) => Faults.Add(fault);
    }
}
