using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Model;

namespace PolicyLayer.Tests.Authorization;

/// <summary>
/// A call that goes on with another one is charged and reported with it, once; what isn't sure to be one is a call of its own.
/// </summary>
public sealed class ContinuationTests
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": {
          "once": { "rate_limit": "1/day",
            "deny_if": [{ "conditions": [{ "path": "context.stop", "op": "eq", "value": true, "optional": true }] }] },
          "twice": { "rate_limit": "2/day" }, "other": { "rate_limit": "1/day" }, "free": {},
          "paced": { "not_after": [{ "tool": "paced", "within": 30, "scope": "grant" }] },
          "kept": { "not_after": [{ "tool": "kept", "within": 30, "scope": "grant", "same": "context.place" }] },
          "test": { "rate_limit": "1/day" },
          "deploy": { "after": [{ "tool": "test", "within": "hour", "scope": "grant" }], "rate_limit": "9/day" } } }
        """;

    private static readonly ToolCall Once =
        new("once", ToolArguments.FromJson("""{"n":1,"s":"x"}""")) { GrantId = "g", SessionId = "s", Server = "v", MayContinue = true };

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");

    public static TheoryData<string> Others =>
    [
        "arguments", "number", "tool", "server", "grant", "session", "no session", "source", "unknown", "own id", "not continuable",
        "signed", "leading zero", "white space", "another process", "no number",
    ];

    [Fact]
    public async Task What_goes_on_is_charged_once_however_its_arguments_are_written()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
        var again = new ToolCall("once", ToolArguments.FromJson("""{ "s":"\u0078", "n":1.0 }"""))
        {
            GrantId = "g",
            SessionId = "s",
            Server = "v",
            Continues = first.DecisionId,
        };

        ToolCallDecision next = await authorizer.AuthorizeAsync(again);

        Assert.True(first.IsAllowed && next.IsAllowed);
        Assert.Equal((false, true), (first.Continues, next.Continues));
        Assert.NotEqual(first.DecisionId, next.DecisionId);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(Once)).Code);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_differs_is_a_call_of_its_own(string what)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once with { MayContinue = what != "not continuable" });
        await authorizer.AuthorizeAsync(new ToolCall("other", Once.Arguments) { GrantId = "g", SessionId = "s", Server = "v" });
        await authorizer.AuthorizeAsync(Once with { GrantId = "h" });
        ToolCall next = what switch
        {
            "arguments" => With(Once, """{"n":1,"s":"X"}"""),
            "number" => With(Once, """{"n":1.0000000000000001,"s":"x"}"""),
            "tool" => new ToolCall("other", Once.Arguments) { GrantId = "g", SessionId = "s", Server = "v" },
            "server" => Once with { Server = "w" },
            "grant" => Once with { GrantId = "h" },
            "session" => Once with { SessionId = "S" },
            "no session" => Once with { SessionId = null },
            "source" => Once with { SessionSource = SessionSource.Claim },
            _ => Once,
        };
        string continues = what switch
        {
            "unknown" => first.DecisionId + "0",
            "own id" => "",
            "signed" => first.DecisionId.Insert(17, "+"),
            "leading zero" => first.DecisionId.Replace("-", "-0", StringComparison.Ordinal),
            "white space" => first.DecisionId + " ",
            "another process" => "0123456789abcdef" + first.DecisionId[16..],
            "no number" => first.DecisionId[..17],
            _ => first.DecisionId,
        };

        ToolCallDecision decision = await authorizer.AuthorizeAsync(next with { Continues = continues });

        Assert.Equal(DecisionCode.LimitExceeded, decision.Code);
        if (what != "not continuable")
        {
            Assert.True((await authorizer.AuthorizeAsync(Once with { Continues = first.DecisionId })).IsAllowed);
        }
    }

    [Fact]
    public async Task A_decision_says_whether_it_goes_on_with_the_one_that_it_named()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        var free = new ToolCall("free", Once.Arguments) { GrantId = "g", MayContinue = true };
        ToolCallDecision first = await authorizer.AuthorizeAsync(free);
        ToolCallDecision next = await authorizer.AuthorizeAsync(free with { Continues = first.DecisionId });
        ToolCallDecision replayed = await authorizer.AuthorizeAsync(free with { Continues = first.DecisionId });
        ToolCallDecision last = await authorizer.AuthorizeAsync(free with { Continues = next.DecisionId, MayContinue = false });
        await authorizer.CompleteAsync(last, ToolCallOutcome.Succeeded);
        ToolCallDecision late = await authorizer.AuthorizeAsync(free with { Continues = last.DecisionId, MayContinue = false });

        ToolCallDecision[] all = [first, next, replayed, last, late];
        Assert.All(all, decision => Assert.True(decision.IsAllowed));
        Assert.Equal([false, true, false, true, false], all.Select(decision => decision.Continues));
        Assert.False(default(ToolCallDecision).Continues);
    }

    [Fact]
    public async Task A_decision_is_continued_once_and_by_so_many_in_a_row()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision latest = await authorizer.AuthorizeAsync(Once);
        for (int i = 0; i < 16; i++)
        {
            string continued = latest.DecisionId;
            latest = await authorizer.AuthorizeAsync(Once with { Continues = continued });
            Assert.True(latest.IsAllowed);
            Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(Once with { Continues = continued })).Code);
        }

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(Once with { Continues = latest.DecisionId })).Code);
    }

    [Theory]
    [InlineData(3_599, true)]
    [InlineData(3_600, false)]
    public async Task It_goes_on_within_an_hour_of_the_first(int seconds, bool goesOn)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
        _clock.Advance(TimeSpan.FromSeconds(1_800));
        ToolCallDecision second = await authorizer.AuthorizeAsync(Once with { Continues = first.DecisionId });
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1_800));

        Assert.Equal(goesOn, (await authorizer.AuthorizeAsync(Once with { Continues = second.DecisionId })).IsAllowed);
    }

    [Fact]
    public async Task How_long_and_how_often_is_settable()
    {
        ToolCallAuthorizer none = Authorizer(options => options.MaxContinuations = 0);
        ToolCallAuthorizer brief = Authorizer(options => options.ContinuableFor = TimeSpan.FromSeconds(1));
        foreach (ToolCallAuthorizer authorizer in (ToolCallAuthorizer[])[none, brief])
        {
            ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False((await authorizer.AuthorizeAsync(Once with { Continues = first.DecisionId })).IsAllowed);
        }

        Assert.Throws<ArgumentOutOfRangeException>("MaxContinuations", () => Authorizer(options => options.MaxContinuations = 1_001));
        Assert.Throws<ArgumentOutOfRangeException>("ContinuableFor", () => Authorizer(options => options.ContinuableFor = default));
    }

    [Theory]
    [InlineData("twice")]
    [InlineData("free")]
    public async Task What_was_reported_is_not_continued(string tool)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCall call = new(tool) { GrantId = "g", MayContinue = true };
        ToolCallDecision first = await authorizer.AuthorizeAsync(call);
        Assert.True(await authorizer.CompleteAsync(first, ToolCallOutcome.Succeeded));

        ToolCallDecision second = await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId });

        Assert.True(second.IsAllowed);
        Assert.True(await authorizer.CompleteAsync(second, ToolCallOutcome.Succeeded));
        Assert.Equal(tool == "free", (await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [Theory]
    [InlineData(0, DecisionCode.LimitExceeded)]
    [InlineData(1, DecisionCode.LimitExceeded)]
    [InlineData(2, DecisionCode.Allowed)]
    public async Task A_report_on_any_of_them_settles_them_all_and_only_that_on_the_last_gives_back(int reported, DecisionCode next)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCall call = new("twice") { GrantId = "g", MayContinue = true };
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        var chain = new List<ToolCallDecision> { await authorizer.AuthorizeAsync(call) };
        chain.Add(await authorizer.AuthorizeAsync(call with { Continues = chain[0].DecisionId }));
        chain.Add(await authorizer.AuthorizeAsync(call with { Continues = chain[1].DecisionId }));

        Assert.True(await authorizer.CompleteAsync(chain[reported], ToolCallOutcome.NotExecuted));
        foreach (ToolCallDecision decision in chain)
        {
            Assert.False(await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted));
        }

        Assert.Equal(next, (await authorizer.AuthorizeAsync(call)).Code);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(call with { Continues = chain[2].DecisionId })).Code);
    }

    [Fact]
    public async Task The_success_of_the_last_is_that_of_the_first()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCall test = new("test") { GrantId = "g", MayContinue = true };
        ToolCallDecision first = await authorizer.AuthorizeAsync(test);
        ToolCallDecision last = await authorizer.AuthorizeAsync(test with { Continues = first.DecisionId });
        var deploy = new ToolCall("deploy") { GrantId = "g" };
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(deploy)).Code);

        Assert.True(await authorizer.CompleteAsync(last, ToolCallOutcome.Succeeded));

        Assert.True((await authorizer.AuthorizeAsync(deploy)).IsAllowed);
    }

    [Fact]
    public async Task Rules_are_judged_anew_and_what_they_deny_stays_charged_and_open()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
        ToolCall next = Once with { Continues = first.DecisionId };

        ToolCallDecision denied = await authorizer.AuthorizeAsync(next with { Context = ToolArguments.FromJson("""{"stop":true}""") });

        Assert.Equal(DecisionCode.DenyIfMatched, denied.Code);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(Once)).Code);
        Assert.True((await authorizer.AuthorizeAsync(next)).IsAllowed);
    }

    [Fact]
    public async Task It_is_judged_by_the_policy_and_the_grant_of_now()
    {
        var grants = new GrantDirectory([new Grant("g")]);
        ToolCallAuthorizer authorizer = Authorizer(options => (options.Grants, options.DefaultGrantId) = (grants, null));
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
        grants.Revoke("g");

        Assert.Equal(DecisionCode.GrantRevoked, (await authorizer.AuthorizeAsync(Once with { Continues = first.DecisionId })).Code);
    }

    [Fact]
    public async Task The_mark_that_the_first_left_does_not_stand_against_it_and_anothers_does()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCall call = new("paced") { GrantId = "g", MayContinue = true };
        ToolCallDecision first = await authorizer.AuthorizeAsync(call);
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(call)).Code);
        ToolCallDecision second = await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId });
        Assert.True(second.IsAllowed);

        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        _clock.Advance(TimeSpan.FromSeconds(10));

        ToolCallDecision third = await authorizer.AuthorizeAsync(call with { Continues = second.DecisionId });
        Assert.Equal((DecisionCode.OrderViolated, "/tools/paced/not_after/0"), (third.Code, third.Rule));
    }

    [Fact]
    public async Task A_host_whose_clock_steps_back_leaves_out_no_mark_that_the_store_has_forgotten()
    {
        var hosts = new ModelClock();
        var servers = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
        var store = new HookedStore { Time = servers };
        ToolCallAuthorizer authorizer = Authorizer(options => (options.Counters, options.TimeProvider) = (store, hosts));
        ToolCall call = new("paced") { GrantId = "g", MayContinue = true };
        ToolCallDecision first = await authorizer.AuthorizeAsync(call);
        hosts.Advance(40_000);
        hosts.StepBack(40_000);
        servers.Advance(TimeSpan.FromSeconds(40));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);

        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId })).Code);
    }

    [Fact]
    public async Task The_mark_of_another_value_is_not_the_firsts()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCall here = new("kept") { GrantId = "g", MayContinue = true, Context = ToolArguments.FromJson("""{"place":"here"}""") };
        ToolCall there = here with { Context = ToolArguments.FromJson("""{"place":"there"}""") };
        ToolCallDecision first = await authorizer.AuthorizeAsync(here);
        Assert.True((await authorizer.AuthorizeAsync(there)).IsAllowed);

        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(there with { Continues = first.DecisionId })).Code);
        Assert.True((await authorizer.AuthorizeAsync(here with { Continues = first.DecisionId })).IsAllowed);
    }

    [Fact]
    public async Task A_report_while_the_next_is_judged_makes_it_a_call_of_its_own()
    {
        var store = new HookedStore();
        ToolCallAuthorizer authorizer = Authorizer(options => options.Counters = store);
        ToolCall call = new("paced") { GrantId = "g", MayContinue = true };
        ToolCallDecision first = await authorizer.AuthorizeAsync(call);
        store.BeforeReserve = () => authorizer.CompleteAsync(first, ToolCallOutcome.Failed).AsTask();

        ToolCallDecision next = await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId });

        Assert.Equal(DecisionCode.OrderViolated, next.Code);
    }

    [Fact]
    public async Task Of_many_that_go_on_with_one_decision_at_once_one_does()
    {
        for (int round = 0; round < LongTests.Choose(50, 5_000); round++)
        {
            ToolCallAuthorizer authorizer = Authorizer();
            ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
            ToolCall next = Once with { Continues = first.DecisionId };
            using var barrier = new Barrier(8);
            ToolCallDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait();
                    return authorizer.AuthorizeAsync(next).AsTask().GetAwaiter().GetResult();
                },
                TaskCreationOptions.LongRunning)));
            Assert.Single(decisions, decision => decision.IsAllowed);
        }
    }

    [Fact]
    public async Task One_that_was_forgotten_is_a_call_of_its_own()
    {
        ToolCallAuthorizer authorizer = Authorizer(options => options.MaxOpenCalls = 1);
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
        await authorizer.AuthorizeAsync(new ToolCall("twice") { GrantId = "g" });

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(Once with { Continues = first.DecisionId })).Code);
    }

    [Fact]
    public async Task What_cannot_be_recorded_does_not_go_on_and_can_once_it_is()
    {
        var sink = new StubSink();
        ToolCallAuthorizer authorizer = Authorizer(options => options.AuditSinks.Add(sink));
        ToolCallDecision first = await authorizer.AuthorizeAsync(Once);
        ToolCall next = Once with { Continues = first.DecisionId };
        sink.Write = _ => throw new IOException();
        Assert.Equal(DecisionCode.AuditUnavailable, (await authorizer.AuthorizeAsync(next)).Code);
        sink.Write = _ => ValueTask.CompletedTask;

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(Once)).Code);
        ToolCallDecision second = await authorizer.AuthorizeAsync(next);
        Assert.True(second.IsAllowed);
        Assert.True(await authorizer.CompleteAsync(second, ToolCallOutcome.NotExecuted));
        Assert.True((await authorizer.AuthorizeAsync(Once)).IsAllowed);
    }

    private static ToolCall With(in ToolCall call, string arguments) => new(call.ToolName, ToolArguments.FromJson(arguments))
    {
        GrantId = call.GrantId!,
        SessionId = call.SessionId,
        Server = call.Server,
        MayContinue = call.MayContinue,
    };

    private ToolCallAuthorizer Authorizer(Action<ToolCallAuthorizerOptions>? configure = null) =>
        TestPolicies.Authorizer(Document, options =>
        {
            options.TimeProvider = _clock;
            configure?.Invoke(options);
        });

    /// <summary>The store in memory, and what a test does before it answers.</summary>
    private sealed class HookedStore : ICounterStore
    {
        private readonly InMemoryCounterStore _store = new();

        public Func<Task> BeforeReserve { get; set; } = () => Task.CompletedTask;

        /// <summary>A clock of the store's own; null where it lives by the requests' times.</summary>
        public TimeProvider? Time { get; init; }

        public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
        {
            await BeforeReserve();
            return await _store.ReserveAsync(
                Time is null ? request : new(Time.GetUtcNow(), request.GrantId, request.SessionId, [.. All(request)], request.Mode),
                cancellationToken);
        }

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
            _store.ReleaseAsync(release, cancellationToken);

        private static IEnumerable<CounterDemand> All(CounterRequest request)
        {
            foreach (CounterDemand demand in request)
            {
                yield return demand;
            }
        }
    }
}
