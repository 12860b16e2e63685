using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Metrics;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>What is observed is what living objects say, and nothing lives for it.</summary>
[Collection(ListeningAlone.Name)]
public sealed class LiveMetricTests : IDisposable
{
    private readonly Collected _collected = new();

    public LiveMetricTests() => Collect();

    public void Dispose() => _collected.Dispose();

    [Fact]
    public async Task Counters_in_memory_are_added_up()
    {
        long before = Sum("policylayer.counter.count");
        var stores = new InMemoryCounterStore[] { new(), new() };
        await ChargeAsync(stores[0], "a", "b", "c");
        await ChargeAsync(stores[1], "a");
        Assert.Equal(before + 4, Sum("policylayer.counter.count"));
        GC.KeepAlive(stores);
    }

    [Fact]
    public async Task Requests_that_wait_in_memory_are_added_up()
    {
        long before = Sum("policylayer.approval.pending");
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "deny", "tools": { "ask": { "action": "require_approval" } } }""");
        ToolCallDecision first = await authorizer.AuthorizeAsync(new ToolCall("ask"));
        await authorizer.AuthorizeAsync(new ToolCall("ask") { GrantId = "other" });
        Assert.Equal(before + 2, Sum("policylayer.approval.pending"));
        await authorizer.Approvals.RefuseAsync(first.ApprovalId!, new Approver("alice"));
        Assert.Equal(before + 1, Sum("policylayer.approval.pending"));
        GC.KeepAlive(authorizer);
    }

    [Fact]
    public async Task Records_that_wait_are_added_up()
    {
        long before = Sum("policylayer.audit.queue.length");
        var never = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        var behind = new StubSink { Write = _ => { began.TrySetResult(); return new(never.Task); } };
        await using var sink = new BestEffortAuditSink(behind, new BestEffortAuditSinkOptions { TimeProvider = new FakeTimeProvider() });
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "allow" }""", options => options.AuditSinks.Add(sink));
        await authorizer.AuthorizeAsync(new ToolCall("t"));
        await began.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await authorizer.AuthorizeAsync(new ToolCall("t"));
        await authorizer.AuthorizeAsync(new ToolCall("t"));
        long waiting = Sum("policylayer.audit.queue.length");

        // Before anything can fail: disposing waits for it.
        never.SetResult();
        Assert.Equal(before + 3, waiting);
        await sink.DisposeAsync();
        Assert.Equal(before, Sum("policylayer.audit.queue.length"));
    }

    [Fact]
    public void Policies_in_force_are_one_each_however_many_judge_by_them()
    {
        Policy policy = Policy.Parse("""{ "version": "1", "name": "in force", "default": "deny" }""");
        var authorizers = new ToolCallAuthorizer[] { new(policy), new(policy) };
        Assert.Equal(
            1, _collected.Points("policylayer.policy.info")[Info(policy)].GetGaugeLastValueLong());
        GC.KeepAlive(authorizers);
    }

    [Fact]
    public void What_nobody_else_holds_goes_and_is_told_no_more()
    {
        long before = Sum("policylayer.counter.count");
        WeakReference[] gone = Use(out string info);
        Assert.Equal(before + 1, Sum("policylayer.counter.count"));
        Collect();
        Assert.All(gone, reference => Assert.False(reference.IsAlive));
        using var later = new Collected();
        Assert.DoesNotContain(info, later.Points("policylayer.policy.info").Keys);
        Assert.Equal(before, Sum(later, "policylayer.counter.count"));
    }

    [Fact]
    public void Objects_are_read_while_they_live()
    {
        var live = new LiveObjects<int>();
        object held = new();
        live.Add(held, () => held.GetHashCode());
        WeakReference gone = AddOther(live);
        Collect();
        Assert.False(gone.IsAlive);
        Assert.Equal([held.GetHashCode()], live.Read());
        GC.KeepAlive(held);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AddOther(LiveObjects<int> live)
    {
        object other = new();
        live.Add(other, () => other.GetHashCode());
        return new WeakReference(other);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Use(out string info)
    {
        var store = new InMemoryCounterStore();
        var sink = new InMemoryAuditSink();
        Policy policy = Policy.Parse(
            """{ "version": "1", "name": "goes", "default": "deny", "tools": { "t": { "rate_limit": "9/minute" } } }""");
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "name": "goes", "default": "deny", "tools": { "t": { "rate_limit": "9/minute" } } }""",
            options =>
            {
                options.Counters = store;
                options.AuditSinks.Add(sink);
            });
        Assert.True(TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        info = Info(policy);
        return [new WeakReference(store), new WeakReference(authorizer), new WeakReference(sink)];
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static string Info(Policy policy) => $"policylayer.policy.name={policy.Name} policylayer.policy.revision={policy.Revision}";

    private static async Task ChargeAsync(InMemoryCounterStore store, params string[] grants)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "deny", "tools": { "t": { "rate_limit": "9/minute" } } }""",
            options => options.Counters = store);
        foreach (string grant in grants)
        {
            Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = grant })).IsAllowed);
        }
    }

    private static long Sum(Collected collected, string metric) => Assert.Single(collected.Points(metric)).Value.GetSumLong();

    private long Sum(string metric) => Sum(_collected, metric);
}
