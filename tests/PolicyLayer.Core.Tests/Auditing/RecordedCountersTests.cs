using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Auditing;

/// <summary>What records say that counters held, and what it costs a store.</summary>
public sealed class RecordedCountersTests
{
    private const string Document = """
        { "version": "1", "default": "deny",
          "all_tools": { "limits": [{ "counter": "calls", "window": "day", "max": 100 }] },
          "tools": {
            "free": {},
            "pay": { "limits": [
              { "counter": "paid", "window": "week", "max": 99.5, "increment_from": "args.n", "algorithm": "fixed" },
              { "counter": "calls", "window": "day", "max": 9 }] },
            "send": { "limits": [
              { "counter": "to", "window": "day", "max": 5, "per": "args.a" },
              { "counter": "to", "window": "day", "max": 4, "per": "args.b" }] },
            "test": {},
            "deploy": {
              "after": [{ "tool": "test", "within": "hour", "scope": "grant" }],
              "not_after": [{ "tool": "secret", "within": "hour", "scope": "grant" }],
              "rate_limit": "3/day" },
            "secret": { "rate_limit": "5/day" },
            "ask": { "action": "require_approval", "rate_limit": "2/day" } } }
        """;

    private readonly InMemoryAuditSink _sink = new();
    private readonly StubSink _broken = new();
    private readonly StubApprovals _approvals = new();
    private readonly AskedStore _store = new(new InMemoryCounterStore());

    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_allow_says_what_it_left_in_units(bool isAsked)
    {
        ToolCallAuthorizer authorizer = Authorizer(isAsked);
        await CallAsync(authorizer, "pay", """{"n":40.5}""");
        await CallAsync(authorizer, "free");
        await CallAsync(authorizer, "pay", """{"n":0.000001}""");
        await CallAsync(authorizer, "pay", """{"n":59}""");

        Assert.Equal([("calls", 1, 9), ("paid", 40.5m, 99.5m)], CountersOf(0));
        Assert.Equal([("calls", 2, 100)], CountersOf(1));
        Assert.Equal([("calls", 3, 9), ("paid", 40.500001m, 99.5m)], CountersOf(2));
        Assert.Equal((DecisionCode.LimitExceeded, DecisionOutcome.Deny), (_sink.Records[3].Code, _sink.Records[3].DecisionOutcome));
        Assert.Equal([("calls", 3, 9), ("paid", 40.500001m, 99.5m)], CountersOf(3));
    }

    [Fact]
    public async Task It_is_asked_with_the_charge_and_by_no_other_request()
    {
        ToolCallAuthorizer authorizer = Authorizer(isAsked: true);
        await CallAsync(authorizer, "pay", """{"n":1}""");
        await CallAsync(authorizer, "free");

        Assert.Equal([(CounterRequestMode.Charge, true), (CounterRequestMode.Charge, true)], _store.Asked);
    }

    /// <summary>A host without records pays nothing for them: neither for calls that others go on with.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_sinks_nothing_is_asked(bool mayContinue)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options => options.Counters = _store);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("free") { MayContinue = mayContinue })).IsAllowed);

        Assert.Equal([(CounterRequestMode.Charge, false)], _store.Asked);
    }

    [Fact]
    public async Task Counters_of_orders_and_marks_are_left_out_and_move_no_other()
    {
        ToolCallAuthorizer authorizer = Authorizer(isAsked: true);
        ToolCallDecision test = await CallAsync(authorizer, "test");
        Assert.True(await authorizer.CompleteAsync(test, ToolCallOutcome.Succeeded));
        await CallAsync(authorizer, "deploy");
        await CallAsync(authorizer, "secret");
        await CallAsync(authorizer, "deploy");

        AuditRecord[] decisions = [.. _sink.Records.Where(record => record.Kind == AuditRecordKind.Decision)];
        Assert.Equal([("calls", 1, 100)], CountersOf(decisions[0]));
        Assert.Equal([("calls", 2, 100), ("deploy_rate", 1, 3)], CountersOf(decisions[1]));
        Assert.Equal([("calls", 3, 100), ("secret_rate", 1, 5)], CountersOf(decisions[2]));
        Assert.Equal(DecisionCode.OrderViolated, decisions[3].Code);
        Assert.Equal([("calls", 3, 100), ("deploy_rate", 1, 3)], CountersOf(decisions[3]));

        // The success leaves its mark by a request that no record is made of.
        Assert.Equal([true, false, true, true, true], _store.Asked.Select(asked => asked.WantsUsed));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Values_that_meet_in_one_counter_are_one(bool isAsked)
    {
        ToolCallAuthorizer authorizer = Authorizer(isAsked);
        await CallAsync(authorizer, "send", """{"a":"x","b":"x"}""");
        await CallAsync(authorizer, "send", """{"a":"y","b":"x"}""");

        Assert.Equal([("calls", 1, 100), ("to", 1, 4)], CountersOf(0));
        Assert.Equal([("calls", 2, 100), ("to", 1, 5), ("to", 2, 4)], CountersOf(1));
    }

    [Fact]
    public async Task A_store_that_does_not_say_it_leaves_it_out()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options =>
        {
            options.AuditSinks.Add(_sink);
            options.Counters = new StubStore();
        });
        await CallAsync(authorizer, "pay", """{"n":1}""");

        Assert.Equal([("calls", null, 9), ("paid", null, 99.5m)], CountersOf(0));
    }

    [Fact]
    public async Task A_store_that_gives_no_answer_or_has_no_room_says_nothing()
    {
        var store = new StubStore { Reserve = _ => default };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options =>
        {
            options.AuditSinks.Add(_sink);
            options.Counters = store;
        });
        await CallAsync(authorizer, "free");
        store.Reserve = _ => new(CounterReservation.AtCapacity());
        await CallAsync(authorizer, "free");

        Assert.Equal(
            [DecisionCode.CounterStoreUnavailable, DecisionCode.CounterCapacity], _sink.Records.Select(record => record.Code));
        Assert.Equal([("calls", null, 100)], CountersOf(0));
        Assert.Equal([("calls", null, 100)], CountersOf(1));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_approved_call_says_what_its_charge_left(bool isAsked)
    {
        ToolCallAuthorizer authorizer = Authorizer(isAsked);
        await ApproveAsync(authorizer);
        await CallAsync(authorizer, "free");
        await CallAsync(authorizer, "ask");

        Assert.Equal(DecisionCode.Allowed, Calls[2].Code);
        Assert.Empty(Calls[0].Counters);
        Assert.Equal([("calls", 2, 100), ("ask_rate", 1, 2)], CountersOf(2));
    }

    [Fact]
    public async Task What_goes_back_for_an_approval_that_is_gone_is_not_said()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        _approvals.Spend = (_, _) => new(false);
        await CallAsync(authorizer, "ask");
        await CallAsync(authorizer, "free");

        Assert.Equal(DecisionCode.ApprovalSpent, Calls[1].Code);
        Assert.Equal([("calls", null, 100), ("ask_rate", null, 2)], CountersOf(1));
        Assert.Equal([("calls", 1, 100)], CountersOf(2));
    }

    [Fact]
    public async Task What_goes_back_for_a_sink_that_broke_is_not_said_by_the_correction()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        _broken.Write = _ => throw new InvalidOperationException("broken");
        await CallAsync(authorizer, "free");
        _broken.Write = _ => default;
        await CallAsync(authorizer, "free");

        Assert.Equal(
            [AuditRecordKind.Decision, AuditRecordKind.Correction, AuditRecordKind.Decision], _sink.Records.Select(record => record.Kind));
        Assert.Equal([("calls", 1, 100)], CountersOf(0));
        Assert.Equal([("calls", null, 100)], CountersOf(1));
        Assert.Equal([("calls", 1, 100)], CountersOf(2));
    }

    private static ValueTask<ToolCallDecision> CallAsync(ToolCallAuthorizer authorizer, string tool, string arguments = "{}") =>
        authorizer.AuthorizeAsync(new ToolCall(tool, ToolArguments.FromJson(arguments)));

    private static async Task ApproveAsync(ToolCallAuthorizer authorizer)
    {
        ToolCallDecision asked = await CallAsync(authorizer, "ask");
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice")));
    }

    private List<AuditRecord> Calls => [.. _sink.Records.Where(record => record.Kind != AuditRecordKind.Approval)];

    private static IEnumerable<(string Name, decimal? Used, decimal Max)> CountersOf(AuditRecord record) =>
        record.Counters.Select(counter => (counter.Name, counter.Used, counter.Max));

    private IEnumerable<(string Name, decimal? Used, decimal Max)> CountersOf(int call) => CountersOf(Calls[call]);

    private ToolCallAuthorizer Authorizer(bool isAsked = false) => TestPolicies.Authorizer(Document, options =>
    {
        options.AuditSinks.Add(_sink);
        options.AuditSinks.Add(_broken);
        options.Approvals = _approvals;
        options.Counters = isAsked ? _store : null;
    });

    /// <summary>A store that the engine asks as any other, and that remembers what it was asked.</summary>
    private sealed class AskedStore(ICounterStore store) : ICounterStore
    {
        public List<(CounterRequestMode Mode, bool WantsUsed)> Asked { get; } = [];

        public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            Asked.Add((request.Mode, request.WantsUsed));
            return await store.ReserveAsync(request, cancellationToken);
        }

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
            store.ReleaseAsync(release, cancellationToken);
    }
}
