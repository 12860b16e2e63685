using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What health checks ask: which stores and sinks can't be reached, without changing anything.</summary>
public sealed class ReachabilityTests
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": { "t": { "rate_limit": "1/minute" } } }
        """;

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly List<Fault> _faults = [];

    [Fact]
    public async Task A_look_makes_no_counter_and_no_request_and_spends_nothing()
    {
        var counters = new InMemoryCounterStore(new InMemoryCounterStoreOptions { TimeProvider = _clock });
        ToolCallAuthorizer authorizer = Authorizer(counters, new StubApprovals());
        Assert.Empty(await authorizer.CheckAsync());
        Assert.Empty(await counters.ListAsync().ToListAsync());
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        Assert.Empty(await authorizer.CheckAsync());
        Assert.Single(await counters.ListAsync().ToListAsync());
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task A_store_of_the_hosts_is_asked_to_look()
    {
        var store = new AskedStore();
        Assert.Empty(await Authorizer(store, new StubApprovals()).CheckAsync());
        Assert.Equal(CounterRequestMode.Look, Assert.Single(store.Asked).Mode);
    }

    [Fact]
    public async Task What_does_not_answer_is_named_by_its_option_and_told_to_the_listener()
    {
        var counters = new StubStore { Reserve = _ => throw new IOException() };
        var approvals = new StubApprovals { Find = _ => throw new IOException() };
        Assert.Equal(["Counters", "Approvals"], await Authorizer(counters, approvals).CheckAsync());
        Assert.Equal(
            [(FaultKind.CounterReserve, "Counters"), (FaultKind.ApprovalAsk, "Approvals")],
            _faults.Select(fault => (fault.Kind, fault.Place)));
    }

    [Fact]
    public async Task Each_store_has_the_time_that_it_has_for_a_call()
    {
        var counters = new StubStore { Reserve = _ => new(new TaskCompletionSource<CounterReservation>().Task) };
        var approvals = new StubApprovals { Find = _ => new(new TaskCompletionSource<PolicyLayer.Approvals.StoredApproval?>().Task) };
        Task<IReadOnlyList<string>> pending = Authorizer(counters, approvals).CheckAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(pending.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["Counters", "Approvals"], await pending.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_sink_is_as_its_last_write_was()
    {
        var sink = new StubSink();
        ToolCallAuthorizer authorizer = Authorizer(new StubStore(), new StubApprovals(), new InMemoryAuditSink(), sink);
        Assert.Empty(await authorizer.CheckAsync());

        sink.Write = _ => throw new IOException();
        Assert.Equal(DecisionCode.AuditUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
        Assert.Equal(["AuditSinks[1]"], await authorizer.CheckAsync());

        sink.Write = _ => default;
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        Assert.Empty(await authorizer.CheckAsync());
    }

    [Fact]
    public async Task A_host_that_gives_up_is_not_kept()
    {
        using var cancellation = new CancellationTokenSource();
        var counters = new StubStore { Reserve = _ => new(new TaskCompletionSource<CounterReservation>().Task) };
        ToolCallAuthorizer authorizer = Authorizer(counters, new StubApprovals());
        Task<IReadOnlyList<string>> pending = authorizer.CheckAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(TimeSpan.FromMinutes(1)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => authorizer.CheckAsync(cancellation.Token).AsTask());
    }

    [Fact]
    public async Task What_is_in_force_is_told_before_and_after_a_reload()
    {
        Policy other = PolicyLayer.Policy.Parse("""{ "version": "1", "name": "other", "default": "deny" }""");
        ToolCallAuthorizer authorizer = Authorizer(new StubStore(), new StubApprovals());
        Assert.Equal("default", Assert.Single(authorizer.Policies).Name);
        await authorizer.ReloadAsync(new PolicyBundle([other]));
        Assert.Same(other, Assert.Single(authorizer.Policies));
    }

    private ToolCallAuthorizer Authorizer(ICounterStore counters, StubApprovals approvals, params IAuditSink[] sinks)
    {
        var options = new ToolCallAuthorizerOptions
        {
            Counters = counters,
            Approvals = approvals,
            DefaultGrantId = "ci",
            TimeProvider = _clock,
            FaultListener = new FaultList(_faults),
        };
        foreach (IAuditSink sink in sinks)
        {
            options.AuditSinks.Add(sink);
        }

        return new ToolCallAuthorizer(PolicyLayer.Policy.Parse(Policy), options);
    }

    private sealed class AskedStore : ICounterStore
    {
        public List<CounterRequest> Asked { get; } = [];

        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
        {
            Asked.Add(request);
            return new(CounterReservation.Looked([0]));
        }

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => default;
    }
}
