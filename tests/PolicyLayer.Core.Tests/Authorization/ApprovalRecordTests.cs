using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What became of a request for approval is recorded, each answer once and by the authorizer that asked.</summary>
public sealed class ApprovalRecordTests
{
    private const string Document = """
        { "version": "1", "name": "shop", "default": "deny", "tools": {
          "deploy": { "risk": "destructive",
            "approve_if": [{ "name": "all", "reason": "Deploys are looked at.", "conditions": [] }] },
          "batch": { "action": "require_approval", "approval": { "same": ["args.repo"], "uses": 3, "for": "hour" } },
          "daily": { "action": "require_approval", "approval": { "uses": 2, "for": "day" } } } }
        """;

    private const string Secret = "s3cr3t";

    private static readonly Approver Alice = new("alice");
    private static readonly Approver Bob = new("bob");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly InMemoryAuditSink _sink = new();
    private readonly StubApprovals _store = new();
    private readonly List<Fault> _faults = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_is_recorded_at_once_with_all_that_is_known_and_no_value(bool isApproved)
    {
        var grants = new GrantDirectory([new Grant("ci") { Label = "CI" }]);
        ToolCallAuthorizer authorizer = Authorizer(options => (options.Grants, options.DefaultGrantId) = (grants, null));
        using Activity activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        ToolCallDecision asked = await authorizer.AuthorizeAsync(
            new ToolCall("batch", ToolArguments.FromJson($$"""{ "repo": "{{Secret}}", "{{Secret}}": 1 }"""))
            {
                GrantId = "ci",
                SessionId = "s",
                SessionSource = SessionSource.Claim,
                Server = "srv",
            });
        string trace = activity.TraceId.ToHexString();
        activity.Stop();
        _clock.Advance(Minute);
        _ = isApproved
            ? await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice, $"As {Secret} is fine.", 2, 10 * Minute, isExact: true)
            : await authorizer.Approvals.RefuseAsync(asked.ApprovalId!, Alice, $"As {Secret} isn't.");

        AuditRecord decision = _sink.Records[0];
        AuditRecord expected = decision with
        {
            Kind = AuditRecordKind.Approval,
            Sequence = 2,
            Time = At(Minute),
            ArgumentNames = [],
            ArgumentBytes = null,
            ArgumentsDigest = null,
            AnsweredBy = "alice",
            ApprovalStatus = isApproved ? ApprovalStatus.Approved : ApprovalStatus.Refused,
            ApprovedUses = isApproved ? 2 : null,
            ApprovedUntil = isApproved ? At(11 * Minute) : null,
            IsApprovalExact = isApproved,
            Duration = Minute,
        };
        Assert.Equal(expected, Assert.Single(Approvals));
        Assert.Equal(
            (asked.DecisionId, "ci", "CI", "s", SessionSource.Claim, "srv", trace, DecisionCode.ApprovalRequired, asked.ApprovalId),
            (expected.DecisionId, expected.GrantId, expected.GrantLabel, expected.SessionId, expected.SessionSource, expected.Server,
                expected.TraceId, expected.Code, expected.ApprovalId));
        Assert.DoesNotContain(Secret, Approvals[0].ToString(), StringComparison.Ordinal);
        Assert.Empty(_faults);

        AdvanceBy(TimeSpan.FromHours(3));
        Assert.Single(Approvals);
    }

    [Fact]
    public async Task The_rule_that_asked_is_recorded()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        await authorizer.Approvals.RefuseAsync(asked.ApprovalId!, Alice);
        AuditRecord record = Assert.Single(Approvals);
        Assert.Equal(
            ("deploy", ToolRisk.Destructive, "/tools/deploy/approve_if/0", "all", "[POLICY DENIED] Deploys are looked at.", "shop"),
            (record.Tool, record.Risk, record.Rule, record.RuleName, record.Message, record.PolicyName));
        Assert.Equal(asked.PolicyRevision, record.PolicyRevision);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_given_elsewhere_is_recorded_when_the_request_ends(bool isApproved)
    {
        ToolCallDecision asked = await AskAsync(Authorizer(), "deploy");
        _clock.Advance(Minute);
        await AnswerAsync(new ApprovalInbox(_store, _clock), asked, isApproved, Bob);
        _clock.Advance((9 * Minute) - TimeSpan.FromTicks(1));
        Assert.Empty(Approvals);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        AuditRecord record = Assert.Single(Approvals);
        Assert.Equal(
            (asked.DecisionId, isApproved ? ApprovalStatus.Approved : ApprovalStatus.Refused, "bob", At(Minute), Minute),
            (record.DecisionId, record.ApprovalStatus, record.AnsweredBy, record.Time, record.Duration));
        Assert.Equal(isApproved ? (1, At(11 * Minute)) : default((int?, DateTimeOffset?)), (record.ApprovedUses, record.ApprovedUntil));
        AdvanceBy(TimeSpan.FromHours(3));
        Assert.Single(Approvals);
    }

    [Fact]
    public async Task What_nobody_answers_is_recorded_as_expired()
    {
        ToolCallDecision asked = await AskAsync(Authorizer(), "deploy");
        _clock.Advance(3 * Minute);
        ToolCallDecision later = await AskAsync(Authorizer(), "daily");
        _clock.Advance(7 * Minute);
        AuditRecord record = Assert.Single(Approvals);
        Assert.Equal(
            (asked.DecisionId, asked.ApprovalId, ApprovalStatus.Expired, null, At(10 * Minute), 10 * Minute, null),
            (record.DecisionId, record.ApprovalId, record.ApprovalStatus, record.AnsweredBy, record.Time, record.Duration,
                record.ApprovedUses));
        AdvanceBy(TimeSpan.FromHours(3));
        Assert.Equal([asked.ApprovalId, later.ApprovalId], Approvals.Select(next => next.ApprovalId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_comes_back_brings_the_answer_before_its_own_record(bool isApproved)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        await AnswerAsync(new ApprovalInbox(_store, _clock), asked, isApproved, Bob);
        await authorizer.ExplainAsync(Call("deploy"));
        Assert.Empty(Approvals);
        ToolCallDecision next = await AskAsync(authorizer, "deploy");
        Assert.Equal(isApproved, next.IsAllowed);
        Assert.Equal([AuditRecordKind.Decision, AuditRecordKind.Approval, AuditRecordKind.Decision], _sink.Records.Select(r => r.Kind));
        Assert.Equal((asked.DecisionId, "bob"), (Approvals[0].DecisionId, Approvals[0].AnsweredBy));
        AdvanceBy(TimeSpan.FromHours(3));
        Assert.Single(Approvals);
    }

    [Fact]
    public async Task Of_two_authorizers_on_a_store_each_records_what_it_asked_for()
    {
        var other = new InMemoryAuditSink();
        ToolCallAuthorizer first = Authorizer();
        ToolCallAuthorizer second = Authorizer(options =>
        {
            options.AuditSinks.Clear();
            options.AuditSinks.Add(other);
        });
        ToolCallDecision ofFirst = await AskAsync(first, "deploy");
        ToolCallDecision ofSecond = await AskAsync(second, "daily");
        Assert.Equal(ofFirst.ApprovalId, (await AskAsync(second, "deploy")).ApprovalId);
        await second.Approvals.ApproveAsync(ofFirst.ApprovalId!, Alice);
        await first.Approvals.RefuseAsync(ofSecond.ApprovalId!, Bob);
        Assert.True((await AskAsync(second, "deploy")).IsAllowed);
        AdvanceBy(TimeSpan.FromHours(3));
        Assert.Equal((ofFirst.DecisionId, "alice"), Of(_sink));
        Assert.Equal((ofSecond.DecisionId, "bob"), Of(other));

        static (string Decision, string? By) Of(InMemoryAuditSink sink)
        {
            AuditRecord record = Assert.Single(sink.Records, record => record.Kind == AuditRecordKind.Approval);
            return (record.DecisionId, record.AnsweredBy);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_approval_that_is_taken_back_is_recorded_twice(bool isOwn)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "daily");
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice);
        Assert.True((await AskAsync(authorizer, "daily")).IsAllowed);
        AdvanceBy(TimeSpan.FromHours(5));
        ApprovalInbox inbox = isOwn ? authorizer.Approvals : new ApprovalInbox(_store, _clock);
        await inbox.RefuseAsync(asked.ApprovalId!, Bob);
        Assert.Equal(isOwn ? 2 : 1, Approvals.Count);
        AdvanceBy(TimeSpan.FromHours(30));
        Assert.Equal(
            [(ApprovalStatus.Approved, "alice", At(default)), (ApprovalStatus.Refused, "bob", At(TimeSpan.FromHours(5)))],
            Approvals.Select(record => (record.ApprovalStatus, record.AnsweredBy, record.Time)));
        Assert.All(Approvals, record => Assert.Equal(asked.DecisionId, record.DecisionId));
    }

    [Fact]
    public async Task What_a_refusal_refuses_besides_is_recorded_too()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision narrowed = await AskAsync(authorizer, "batch", """{ "repo": 1, "n": 1 }""");
        await authorizer.Approvals.ApproveAsync(narrowed.ApprovalId!, Alice, isExact: true);
        ToolCallDecision other = await AskAsync(authorizer, "batch", """{ "repo": 1, "n": 2 }""");
        Assert.NotEqual(narrowed.ApprovalId, other.ApprovalId);
        _clock.Advance(Minute);
        await authorizer.Approvals.RefuseAsync(other.ApprovalId!, Bob);
        AdvanceBy(TimeSpan.FromHours(3));
        Assert.Equal(
            [
                (narrowed.ApprovalId, ApprovalStatus.Approved, "alice", At(default)),
                (other.ApprovalId, ApprovalStatus.Refused, "bob", At(Minute)),
                (narrowed.ApprovalId, ApprovalStatus.Refused, "bob", At(Minute)),
            ],
            Approvals.Select(record => (record.ApprovalId, record.ApprovalStatus, record.AnsweredBy, record.Time)));
    }

    /// <summary>A store forgets an hour after the end, which may be long before the request's time is over.</summary>
    [Fact]
    public async Task What_ends_long_before_it_had_to_is_found_in_time()
    {
        ToolCallAuthorizer authorizer = Authorizer(options => options.ApprovalPendingFor = TimeSpan.FromDays(1));
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        _clock.Advance(Minute);
        await new ApprovalInbox(_store, _clock).ApproveAsync(asked.ApprovalId!, Bob, validFor: Minute);
        AdvanceBy(TimeSpan.FromHours(30));
        AuditRecord record = Assert.Single(Approvals);
        Assert.Equal((ApprovalStatus.Approved, "bob", At(Minute)), (record.ApprovalStatus, record.AnsweredBy, record.Time));
    }

    [Fact]
    public async Task A_store_that_has_forgotten_is_recorded_as_that()
    {
        await AskAsync(Authorizer(), "deploy");
        _store.Find = _ => default;
        AdvanceBy(TimeSpan.FromHours(3));
        AuditRecord record = Assert.Single(Approvals);
        Assert.Equal(
            (ApprovalStatus.Unknown, null, At(10 * Minute), null),
            (record.ApprovalStatus, record.AnsweredBy, record.Time, record.Duration));
    }

    [Fact]
    public async Task A_store_that_is_behind_is_asked_again()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        _store.Find = _ => default;
        await AnswerAsync(authorizer.Approvals, await AskAsync(authorizer, "deploy"), isApproved: false, Bob);
        _store.Find = null;
        AdvanceBy(10 * Minute);
        Assert.Equal(ApprovalStatus.Refused, Assert.Single(Approvals).ApprovalStatus);
    }

    [Fact]
    public async Task What_is_over_leaves_room_for_others()
    {
        ToolCallAuthorizer authorizer = Authorizer(options => options.MaxOpenCalls = 1);
        for (int i = 0; i < 3; i++)
        {
            ToolCallDecision asked = await AskAsync(authorizer, "deploy", $$"""{ "n": {{i}} }""");
            await AnswerAsync(authorizer.Approvals, asked, isApproved: false, Bob);
            Assert.Equal(i + 1, Approvals.Count);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public async Task A_store_that_breaks_is_asked_again_for_half_an_hour(int brokenMinutes)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        await new ApprovalInbox(_store, _clock).RefuseAsync(asked.ApprovalId!, Bob);
        _store.Find = _ => throw new InvalidOperationException(Secret);
        AdvanceBy((9 + brokenMinutes) * Minute);
        _store.Find = null;
        AdvanceBy(TimeSpan.FromHours(3));
        AuditRecord record = Assert.Single(Approvals);
        bool isMended = brokenMinutes < 30;
        Assert.Equal(
            (isMended ? ApprovalStatus.Refused : ApprovalStatus.Unknown, isMended ? "bob" : null),
            (record.ApprovalStatus, record.AnsweredBy));
        Assert.Equal(isMended ? 5 : 31, _faults.Count);
        Assert.All(_faults, fault => Assert.Equal(
            (FaultKind.ApprovalAsk, "Approvals", asked.DecisionId, null), (fault.Kind, fault.Place, fault.DecisionId, fault.Exception)));
    }

    [Fact]
    public async Task An_answer_stands_though_a_required_sink_cannot_take_its_record()
    {
        var broken = new StubSink();
        ToolCallAuthorizer authorizer = Authorizer(options => options.AuditSinks.Insert(0, broken));
        ToolCallDecision asked = await AskAsync(authorizer, "deploy");
        broken.Write = _ => throw new IOException("disk full");
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice));
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.AuditWrite, "AuditSinks[0]", asked.DecisionId), (fault.Kind, fault.Place, fault.DecisionId));
        Assert.Single(Approvals);

        Assert.Equal(DecisionCode.AuditUnavailable, (await AskAsync(authorizer, "deploy")).Code);
        broken.Write = _ => default;
        Assert.True((await AskAsync(authorizer, "deploy")).IsAllowed);
    }

    [Fact]
    public async Task A_request_that_a_store_made_late_is_recorded()
    {
        using var clock = new TimerClock();
        ToolCallAuthorizer authorizer = Authorizer(options => options.TimeProvider = clock);
        var late = new TaskCompletionSource();
        _store.Ask = async (request, _) =>
        {
            await late.Task;
            return await _store.AskAsync(request, CancellationToken.None);
        };
        Task<ToolCallDecision> pending = AskAsync(authorizer, "deploy").AsTask();
        await clock.TimerAsync();
        clock.Advance(TimeSpan.FromSeconds(5));
        ToolCallDecision decision = await pending;
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, decision.Code);
        _store.Ask = null;
        late.SetResult();
        await clock.TimerAsync().WaitAsync(Minute);

        // By the time that another request is remembered, the first one is.
        await AskAsync(authorizer, "daily");
        clock.Advance(10 * Minute);
        Assert.Equal(2, Approvals.Count);
        Assert.Contains(
            (decision.DecisionId, ApprovalStatus.Expired), Approvals.Select(record => (record.DecisionId, record.ApprovalStatus!.Value)));
    }

    [Fact]
    public async Task What_is_open_is_bounded_and_what_has_no_room_is_told()
    {
        ToolCallAuthorizer authorizer = Authorizer(options => options.MaxOpenCalls = 1);
        ToolCallDecision first = await AskAsync(authorizer, "deploy");
        ToolCallDecision second = await AskAsync(authorizer, "daily");
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.AuditWrite, "Approvals", second.DecisionId), (fault.Kind, fault.Place, fault.DecisionId));
        await authorizer.Approvals.ApproveAsync(second.ApprovalId!, Alice);
        AdvanceBy(TimeSpan.FromHours(1));
        ToolCallDecision third = await AskAsync(authorizer, "deploy");
        AdvanceBy(TimeSpan.FromHours(1));
        Assert.Equal([first.ApprovalId, third.ApprovalId], Approvals.Select(record => record.ApprovalId));
        Assert.Single(_faults);
    }

    [Fact]
    public async Task A_timer_runs_only_where_somebody_wants_to_know()
    {
        using var clock = new TimerClock();
        ToolCallAuthorizer silent = Authorizer(options =>
        {
            options.TimeProvider = clock;
            options.AuditSinks.Clear();
        });
        await AskAsync(silent, "deploy");
        ToolCallAuthorizer authorizer = Authorizer(options => options.TimeProvider = clock);
        await AskAsync(authorizer, "daily", """{ "n": 0 }""");
        await clock.TimerAsync();
        await AskAsync(authorizer, "daily", """{ "n": 1 }""");
        Assert.False(clock.TimerAsync().IsCompleted);
        clock.Advance(10 * Minute);
        Assert.Equal(2, Approvals.Count);
    }

    private List<AuditRecord> Approvals => [.. _sink.Records.Where(record => record.Kind == AuditRecordKind.Approval)];

    private static DateTimeOffset At(TimeSpan time) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + time;

    private static ToolCall Call(string tool, string arguments = "{}") => new(tool, ToolArguments.FromJson(arguments));

    private static ValueTask<ToolCallDecision> AskAsync(ToolCallAuthorizer authorizer, string tool, string arguments = "{}") =>
        authorizer.AuthorizeAsync(Call(tool, arguments));

    private static async Task AnswerAsync(ApprovalInbox inbox, ToolCallDecision asked, bool isApproved, Approver by) =>
        Assert.Equal(
            ApprovalResolution.Done,
            isApproved ? await inbox.ApproveAsync(asked.ApprovalId!, by) : await inbox.RefuseAsync(asked.ApprovalId!, by));

    /// <summary>Minute by minute, as timers that end in one step all see its end.</summary>
    private void AdvanceBy(TimeSpan time)
    {
        for (TimeSpan passed = default; passed < time; passed += Minute)
        {
            _clock.Advance(Minute);
        }
    }

    private ToolCallAuthorizer Authorizer(Action<ToolCallAuthorizerOptions>? configure = null) => TestPolicies.Authorizer(
        Document,
        options =>
        {
            options.TimeProvider = _clock;
            options.Approvals = _store;
            options.FaultListener = new FaultList(_faults);
            options.AuditSinks.Add(_sink);
            configure?.Invoke(options);
        });
}
