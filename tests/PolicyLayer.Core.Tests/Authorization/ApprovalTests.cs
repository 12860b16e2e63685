using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A call that a person must approve runs once they have, and only that call.</summary>
public sealed class ApprovalTests
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": {
          "deploy": { "action": "require_approval", "reason": "Deploys are looked at.", "risk": "destructive" },
          "limited": { "action": "require_approval", "rate_limit": "2/minute" },
          "huge": { "action": "require_approval",
            "limits": [{ "counter": "c", "window": "minute", "max": 5, "increment_from": "args.n" }] },
          "ordered": { "action": "require_approval", "after": [{ "tool": "test", "within": "hour" }], "rate_limit": "1/minute" },
          "test": {}, "ruled": { "approve_if": [{ "conditions": [{ "path": "args.env", "op": "eq", "value": "prod" }] }] } } }
        """;

    private static readonly Approver Alice = new("alice");

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly List<Fault> _faults = [];

    [Fact]
    public async Task A_call_waits_until_a_person_approves_and_then_runs_once()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        Assert.Equal(
            (DecisionOutcome.ApprovalRequired, "/tools/deploy/action", "[POLICY DENIED] Deploys are looked at."),
            (asked.Outcome, asked.Rule, asked.Message));
        Assert.Equal((true, ToolRisk.Destructive), (asked.ApprovalWouldHelp, asked.Risk));
        Assert.Matches("^[0-9a-f]{32}$", asked.ApprovalId);

        ToolCallDecision again = await AskAsync(authorizer, "deploy");
        Assert.Equal(asked.ApprovalId, again.ApprovalId);
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice));

        ToolCallDecision allowed = await AskAsync(authorizer, "deploy");
        Assert.True(allowed.IsAllowed);
        Assert.Equal(asked.ApprovalId, allowed.ApprovalId);

        ToolCallDecision next = await AskAsync(authorizer, "deploy");
        Assert.Equal(DecisionCode.ApprovalRequired, next.Code);
        Assert.NotEqual(asked.ApprovalId, next.ApprovalId);
        Assert.Equal(ApprovalResolution.Spent, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice));
    }

    [Fact]
    public async Task A_rule_asks_for_the_calls_it_holds_for()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        Assert.True((await AskAsync(authorizer, "ruled", """{"env":"test"}""")).IsAllowed);
        ToolCallDecision asked = await AskAsync(authorizer, "ruled", """{"env":"prod"}""");
        Assert.Equal((DecisionCode.ApprovalRequired, "/tools/ruled/approve_if/0"), (asked.Code, asked.Rule));
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice);
        Assert.True((await AskAsync(authorizer, "ruled", """{ "env": "\u0070rod" }""")).IsAllowed);
    }

    [Theory]
    [InlineData("""{"n":9007199254740993}""", """{"n":9007199254740992}""")]
    [InlineData("""{"n":1}""", """{"n":"1"}""")]
    [InlineData("""{"n":1}""", """{"N":1}""")]
    [InlineData("""{"n":1}""", """{"n":1,"m":null}""")]
    [InlineData("""{"n":[1,2]}""", """{"n":[2,1]}""")]
    [InlineData("""{"n":"a"}""", """{"n":"A"}""")]
    [InlineData("{}", """{"":null}""")]
    public async Task An_approval_is_of_no_use_for_other_arguments(string approved, string other)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy", approved);
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice);
        ToolCallDecision decision = await AskAsync(authorizer, "deploy", other);
        Assert.Equal(DecisionCode.ApprovalRequired, decision.Code);
        Assert.NotEqual(asked.ApprovalId, decision.ApprovalId);
        Assert.True((await AskAsync(authorizer, "deploy", approved)).IsAllowed);
    }

    [Fact]
    public async Task An_approval_is_of_no_use_for_another_grant_session_server_or_tool()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        var call = new ToolCall("deploy") { GrantId = "a", SessionId = "s", Server = "x" };
        await authorizer.Approvals.ApproveAsync((await authorizer.AuthorizeAsync(call)).ApprovalId!, Alice);
        ToolCall[] others =
        [
            call with { GrantId = "b" }, call with { SessionId = "t" }, call with { SessionSource = SessionSource.Claim },
            call with { SessionId = null }, call with { Server = "y" }, call with { Server = null },
            new ToolCall("limited") { GrantId = "a", SessionId = "s", Server = "x" },
        ];
        foreach (ToolCall other in others)
        {
            Assert.Equal(DecisionCode.ApprovalRequired, (await authorizer.AuthorizeAsync(other)).Code);
        }

        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [Theory]
    [InlineData("""{"env":"staging"}""", """{"env":"prod"}""")]
    [InlineData("""{"Env":{"name":"staging"}}""", """{"Env":{"name":"prod"}}""")]
    [InlineData("""{"env":{"Name":"staging"}}""", """{"env":{"Name":"prod"}}""")]
    [InlineData("""{"env":{"name":"prod"}}""", """{"env":{"name":"prod","Name":"x"}}""")]
    [InlineData("{}", """{"env":"prod"}""")]
    public async Task An_approval_is_of_no_use_in_another_context_that_cannot_be_read(string approved, string other)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """
            { "version": "1", "default": "deny", "tools": { "t": { "approve_if": [
              { "conditions": [{ "path": "context.env.name", "op": "eq", "value": "prod" }] }] } } }
            """,
            options => options.TimeProvider = _clock);
        var call = new ToolCall("t") { Context = ToolArguments.FromJson(approved) };
        await ApproveAsync(authorizer, await authorizer.AuthorizeAsync(call));
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call with { Context = ToolArguments.FromJson(other) });
        Assert.Equal(DecisionCode.ApprovalRequired, decision.Code);
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [Fact]
    public async Task An_approver_sees_the_context_that_could_not_be_read()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """
            { "version": "1", "default": "deny", "tools": { "t": { "approve_if": [
              { "conditions": [{ "path": "context.env.name", "op": "eq", "value": "prod" }] }] } } }
            """,
            options => options.TimeProvider = _clock);
        await authorizer.AuthorizeAsync(new ToolCall("t") { Context = ToolArguments.FromJson("""{"Env":"staging"}""") });
        ApprovalView view = Assert.Single(await authorizer.Approvals.ListPendingAsync());
        Assert.Equal("""{"context.env.name":{"Env":"staging"}}""", view.Context?.GetRawText());
    }

    [Fact]
    public async Task An_approval_is_of_no_use_for_another_revision()
    {
        var store = new InMemoryApprovalStore();
        ToolCallAuthorizer first = Authorizer(store);
        ToolCallDecision asked = await AskAsync(first, "deploy");
        await first.Approvals.ApproveAsync(asked.ApprovalId!, Alice);
        var second = new ToolCallAuthorizer(
            Policy.Parse(Document + " "),
            new ToolCallAuthorizerOptions { Approvals = store, TimeProvider = _clock, DefaultGrantId = "default" });
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(second, "deploy")).Code);
    }

    [Fact]
    public async Task A_request_and_an_approval_end_with_their_times()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(ApprovalResolution.Expired, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice));

        ToolCallDecision second = await AskAsync(authorizer, "deploy");
        Assert.NotEqual(asked.ApprovalId, second.ApprovalId);
        await authorizer.Approvals.ApproveAsync(second.ApprovalId!, Alice);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        ToolCallDecision allowed = await AskAsync(authorizer, "deploy");
        Assert.True(allowed.IsAllowed);

        Assert.True(await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "deploy")).Code);
    }

    [Fact]
    public async Task A_refusal_denies_the_same_call_for_a_time_and_says_why()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.RefuseAsync(asked.ApprovalId!, Alice, "Not on a Friday."));
        _clock.Advance(TimeSpan.FromMinutes(1));

        ToolCallDecision refused = await AskAsync(authorizer, "deploy");
        Assert.Equal(
            (DecisionCode.ApprovalDenied, DecisionOutcome.Deny, "/tools/deploy/action", asked.ApprovalId, false, TimeSpan.FromMinutes(9)),
            (refused.Code, refused.Outcome, refused.Rule, refused.ApprovalId, refused.ApprovalWouldHelp, refused.RetryAfter));
        Assert.Equal("[POLICY DENIED] A person refused the call: Not on a Friday.", refused.Message);
        Assert.Equal(ApprovalResolution.Refused, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "deploy", """{"n":1}""")).Code);

        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "deploy")).Code);
    }

    [Fact]
    public async Task A_refusal_outlives_an_earlier_approval_whose_call_never_ran()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice);
        ToolCallDecision allowed = await AskAsync(authorizer, "deploy");
        ToolCallDecision next = await AskAsync(authorizer, "deploy");
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.RefuseAsync(next.ApprovalId!, Alice));
        Assert.True(await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted));

        ToolCallDecision refused = await AskAsync(authorizer, "deploy");
        Assert.Equal((DecisionCode.ApprovalDenied, next.ApprovalId), (refused.Code, refused.ApprovalId));
    }

    [Fact]
    public async Task No_grant_answers_and_no_answer_widens()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        string id = asked.ApprovalId!;
        Assert.Equal(ApprovalResolution.NotAllowed, await authorizer.Approvals.ApproveAsync(id, new Approver("bot", "default")));
        Assert.Equal(ApprovalResolution.NotAllowed, await authorizer.Approvals.RefuseAsync(id, new Approver("bot", "other")));
        Assert.Equal(ApprovalResolution.NotAllowed, await authorizer.Approvals.ApproveAsync(id, Alice, uses: 2));
        Assert.Equal(ApprovalResolution.NotAllowed, await authorizer.Approvals.ApproveAsync(id, Alice, validFor: TimeSpan.FromMinutes(11)));
        Assert.Equal(ApprovalResolution.Unknown, await authorizer.Approvals.ApproveAsync(id.ToUpperInvariant() + "0", Alice));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "deploy")).Code);

        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(id, Alice, validFor: TimeSpan.FromMinutes(1)));
        Assert.Equal(ApprovalResolution.NotNeeded, await authorizer.Approvals.ApproveAsync(id, Alice));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "deploy")).Code);
    }

    [Fact]
    public async Task A_grant_has_no_more_than_so_many_requests()
    {
        ToolCallAuthorizer authorizer = Authorizer(configure: options => options.MaxPendingApprovals = 2);
        ToolCallDecision first = await AskAsync(authorizer, "deploy", """{"n":1}""");
        await AskAsync(authorizer, "deploy", """{"n":2}""");
        ToolCallDecision third = await AskAsync(authorizer, "deploy", """{"n":3}""");
        Assert.Equal((DecisionCode.ApprovalLimit, DecisionOutcome.Deny, null), (third.Code, third.Outcome, third.ApprovalId));
        Assert.Equal("/tools/deploy/action", third.Rule);
        Assert.Equal(first.ApprovalId, (await AskAsync(authorizer, "deploy", """{"n":1}""")).ApprovalId);
        var other = new ToolCall("deploy") { GrantId = "other" };
        Assert.Equal(DecisionCode.ApprovalRequired, (await authorizer.AuthorizeAsync(other)).Code);
    }

    [Fact]
    public async Task Nobody_is_asked_for_a_call_that_its_limits_have_no_room_for()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        for (int i = 0; i < 2; i++)
        {
            await ApproveAsync(authorizer, await AskAsync(authorizer, "limited"));
            Assert.True((await AskAsync(authorizer, "limited")).IsAllowed);
        }

        _clock.Advance(TimeSpan.FromSeconds(20));
        ToolCallDecision full = await AskAsync(authorizer, "limited");
        Assert.Equal(
            (DecisionCode.ApprovalRequired, null, false, TimeSpan.FromSeconds(40)),
            (full.Code, full.ApprovalId, full.ApprovalWouldHelp, full.RetryAfter));
        Assert.Contains("Nobody is asked", full.Message, StringComparison.Ordinal);
        Assert.EndsWith("Try again in 40 seconds.", full.Message, StringComparison.Ordinal);
        Assert.Empty(await authorizer.Approvals.ListPendingAsync());

        ToolCallDecision never = await AskAsync(authorizer, "huge", """{"n":6}""");
        Assert.Equal((DecisionCode.ApprovalRequired, null, null), (never.Code, never.ApprovalId, never.RetryAfter));
        ToolCallDecision uncounted = await AskAsync(authorizer, "huge", """{"n":"many"}""");
        Assert.Equal((DecisionCode.ApprovalRequired, null, null), (uncounted.Code, uncounted.ApprovalId, uncounted.RetryAfter));
        Assert.NotNull((await AskAsync(authorizer, "huge", """{"n":5}""")).ApprovalId);

        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.NotNull((await AskAsync(authorizer, "limited")).ApprovalId);
    }

    [Fact]
    public async Task A_limit_that_is_used_up_meanwhile_spends_no_approval()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision waiting = await AskAsync(authorizer, "limited", """{"n":0}""");
        for (int i = 1; i <= 2; i++)
        {
            await ApproveAsync(authorizer, await AskAsync(authorizer, "limited", $$"""{"n":{{i}}}"""));
            Assert.True((await AskAsync(authorizer, "limited", $$"""{"n":{{i}}}""")).IsAllowed);
        }

        await ApproveAsync(authorizer, waiting);
        ToolCallDecision refused = await AskAsync(authorizer, "limited", """{"n":0}""");
        Assert.Equal((DecisionCode.LimitExceeded, DecisionOutcome.Deny), (refused.Code, refused.Outcome));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await AskAsync(authorizer, "limited", """{"n":0}""")).IsAllowed);
    }

    [Fact]
    public async Task An_order_comes_before_a_person_is_asked()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        var call = new ToolCall("ordered") { SessionId = "s" };
        ToolCallDecision early = await authorizer.AuthorizeAsync(call);
        Assert.Equal((DecisionCode.OrderViolated, "/tools/ordered/after/0", null), (early.Code, early.Rule, early.ApprovalId));
        Assert.Empty(await authorizer.Approvals.ListPendingAsync());

        ToolCallDecision test = await authorizer.AuthorizeAsync(new ToolCall("test") { SessionId = "s" });
        await authorizer.CompleteAsync(test, ToolCallOutcome.Succeeded);
        await ApproveAsync(authorizer, await authorizer.AuthorizeAsync(call));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [Fact]
    public async Task A_call_that_never_ran_gives_back_its_approval_and_its_quota_once()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer, await AskAsync(authorizer, "limited"));
        for (int i = 0; i < 5; i++)
        {
            ToolCallDecision allowed = await AskAsync(authorizer, "limited");
            Assert.True(allowed.IsAllowed);
            Assert.True(await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted));
            Assert.False(await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted));
        }

        ToolCallDecision last = await AskAsync(authorizer, "limited");
        Assert.True(await authorizer.CompleteAsync(last, ToolCallOutcome.Failed));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "limited")).Code);
    }

    [Fact]
    public async Task Of_racing_calls_one_wins_an_approval_and_the_others_keep_no_quota()
    {
        const int Callers = 64;
        string document = Document.Replace("2/minute", "1000/minute", StringComparison.Ordinal);
        for (int round = 0; round < 20; round++)
        {
            var counters = new InMemoryCounterStore(new InMemoryCounterStoreOptions { TimeProvider = _clock });
            ToolCallAuthorizer authorizer = TestPolicies.Authorizer(document, options =>
            {
                options.TimeProvider = _clock;
                options.Counters = counters;
            });
            await ApproveAsync(authorizer, await AskAsync(authorizer, "limited"));
            using var start = new Barrier(Callers);
            Task<ToolCallDecision>[] callers =
            [
                .. Enumerable.Range(0, Callers).Select(_ => Task.Factory.StartNew(
                    () =>
                    {
                        start.SignalAndWait();
                        return AskAsync(authorizer, "limited").AsTask().GetAwaiter().GetResult();
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)),
            ];
            ToolCallDecision[] decisions = await Task.WhenAll(callers);
            Assert.Single(decisions, decision => decision.IsAllowed);
            Assert.All(
                decisions.Where(decision => !decision.IsAllowed),
                decision => Assert.True(decision.Code is DecisionCode.ApprovalSpent or DecisionCode.ApprovalRequired));
            CounterStatus counter = Assert.Single(counters.ListAsync().ToBlockingEnumerable());
            Assert.Equal(CounterDemand.Unit, counter.UsedMillionths);
        }
    }

    [Fact]
    public async Task What_an_approver_sees_is_the_call_and_why_it_waits()
    {
        var attributes = new Grant("ci") { Label = "The \"CI\" runner" };
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse(Document), new ToolCallAuthorizerOptions { Grants = new GrantDirectory([attributes]), TimeProvider = _clock });
        var call = new ToolCall("deploy", ToolArguments.FromJson("""{ "b": 1.0, "a": "\u0041" }"""))
        {
            GrantId = "ci",
            SessionId = "s",
            SessionSource = SessionSource.Header,
            Server = "shop",
        };
        ToolCallDecision asked = await authorizer.AuthorizeAsync(call);
        ApprovalView view = Assert.Single(await authorizer.Approvals.ListPendingAsync());
        Assert.Equal(
            (asked.ApprovalId, "ci", "The \"CI\" runner", "deploy", "shop", "s", "header", "destructive"),
            (view.Id, view.GrantId, view.GrantLabel, view.ToolName, view.Server, view.SessionId, view.SessionSource, view.Risk));
        Assert.Equal(
            ("default", asked.PolicyRevision, "/tools/deploy/action", "Deploys are looked at."),
            (view.PolicyName, view.PolicyRevision, view.Rule, view.AskedBecause));
        Assert.Equal("""{"a":"A","b":1}""", view.Arguments?.GetRawText());
        Assert.Equal((1, TimeSpan.FromMinutes(10), _clock.GetUtcNow().AddMinutes(10)), (view.Terms.Uses, view.Terms.ValidFor, view.Until));
        Assert.DoesNotContain("shop", view.ToString(), StringComparison.Ordinal);

        await authorizer.Approvals.RefuseAsync(view.Id, Alice);
        Assert.Null((await authorizer.Approvals.FindAsync(view.Id))!.Arguments);
    }

    [Fact]
    public async Task Waiting_ends_with_an_answer_or_with_its_time()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        string id = (await AskAsync(authorizer, "deploy")).ApprovalId!;
        Task<ApprovalStatus> short_ = authorizer.Approvals.WaitAsync(id, TimeSpan.FromSeconds(1)).AsTask();
        Task<ApprovalStatus> patient = authorizer.Approvals.WaitAsync(id, TimeSpan.FromMinutes(1)).AsTask();
        await StepAsync(short_);
        Assert.Equal(ApprovalStatus.Pending, await short_);
        Assert.False(patient.IsCompleted);
        await ApproveAsync(authorizer, id);
        await StepAsync(patient);
        Assert.Equal(ApprovalStatus.Approved, await patient);
        Assert.Equal(ApprovalStatus.Unknown, await authorizer.Approvals.WaitAsync("none", TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("a\u0007b")]
    public async Task What_an_agent_is_told_is_one_line(string reason)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await authorizer.Approvals.RefuseAsync(asked.ApprovalId!, Alice, reason));
        Assert.Throws<ArgumentException>(() => new Approver(reason));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await authorizer.Approvals.RefuseAsync(asked.ApprovalId!, Alice, "half \ud800"));
        Assert.Equal(DecisionCode.ApprovalRequired, (await AskAsync(authorizer, "deploy")).Code);
    }

    [Fact]
    public async Task A_notifier_that_hangs_holds_no_more_than_so_many_requests()
    {
        var notifier = new HangingNotifier();
        ToolCallAuthorizer authorizer = Authorizer(configure: options => options.ApprovalNotifier = notifier);
        for (int i = 0; i < 70; i++)
        {
            await AskAsync(authorizer, "deploy", $$"""{"n":{{i}}}""");
        }

        await notifier.Full.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(6, _faults.Count(fault => fault.Kind == FaultKind.ApprovalNotify));
        Assert.Equal(64, notifier.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await notifier.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task People_are_told_once_and_a_notifier_that_fails_touches_no_decision()
    {
        var notifier = new Notifier();
        var listener = new FirstFault();
        ToolCallAuthorizer authorizer = Authorizer(
            configure: options => (options.ApprovalNotifier, options.FaultListener) = (notifier, listener));
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        await AskAsync(authorizer, "deploy");
        Assert.Equal(asked.ApprovalId, (await notifier.Told.Task.WaitAsync(TimeSpan.FromSeconds(30))).Id);
        Fault fault = await listener.Told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((FaultKind.ApprovalNotify, asked.DecisionId), (fault.Kind, fault.DecisionId));
        Assert.Null(fault.Exception);
        Assert.Equal(1, notifier.Count);
    }

    private async Task StepAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }

    private static async Task ApproveAsync(ToolCallAuthorizer authorizer, ToolCallDecision asked) =>
        await ApproveAsync(authorizer, asked.ApprovalId!);

    private static async Task ApproveAsync(ToolCallAuthorizer authorizer, string id) =>
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(id, Alice));

    private static ValueTask<ToolCallDecision> AskAsync(ToolCallAuthorizer authorizer, string tool, string? arguments = null) =>
        authorizer.AuthorizeAsync(new ToolCall(tool, ToolArguments.FromJson(arguments)));

    private ToolCallAuthorizer Authorizer(IApprovalStore? store = null, Action<ToolCallAuthorizerOptions>? configure = null) =>
        TestPolicies.Authorizer(Document, options =>
        {
            options.TimeProvider = _clock;
            options.Approvals = store;
            options.FaultListener = new FaultList(_faults);
            configure?.Invoke(options);
        });

    private sealed class FirstFault : IFaultListener
    {
        public TaskCompletionSource<Fault> Told { get; } = new();

        public void OnFault(Fault fault) => Told.TrySetResult(fault);
    }

    private sealed class HangingNotifier : IApprovalNotifier
    {
        private int _count;

        public TaskCompletionSource Full { get; } = new();

        public TaskCompletionSource Cancelled { get; } = new();

        public int Count => _count;

        public async ValueTask NotifyAsync(ApprovalView request, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _count) == 64)
            {
                Full.SetResult();
            }

            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Cancelled.TrySetResult();
            }
        }
    }

    private sealed class Notifier : IApprovalNotifier
    {
        public TaskCompletionSource<ApprovalView> Told { get; } = new();

        public int Count { get; private set; }

        public ValueTask NotifyAsync(ApprovalView request, CancellationToken cancellationToken = default)
        {
            Count++;
            Told.TrySetResult(request);
            throw new InvalidOperationException("The mail server is down.");
        }
    }
}
