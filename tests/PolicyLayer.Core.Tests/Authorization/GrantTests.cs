using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Where grants are resolved, they say who may call and which policy judges whose calls.</summary>
public sealed class GrantTests
{
    private const string Builders = """
        { "version": "1", "name": "builders", "default": "deny", "hide": ["secret"], "tools": {
          "build": { "require": [{ "conditions": [{ "path": "grant.team", "op": "eq", "value": "core" }] }] },
          "free": {}, "counted": { "rate_limit": "1/minute" } } }
        """;

    private const string Readers = """{ "version": "1", "name": "readers", "default": "deny", "tools": { "read": {} } }""";

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly List<Fault> _faults = [];

    [Fact]
    public async Task A_grants_policy_judges_its_calls_and_the_first_those_of_a_grant_that_names_none()
    {
        ToolCallAuthorizer authorizer = Authorizer(new Grant("a"), new Grant("b") { PolicyName = "readers" });

        ToolCallDecision first = await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "a" });
        ToolCallDecision second = await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "b" });

        Assert.Equal(("builders", DecisionCode.Allowed), (first.PolicyName, first.Code));
        Assert.Equal(("readers", DecisionCode.NotListed), (second.PolicyName, second.Code));
    }

    [Fact]
    public async Task Each_of_many_policies_is_found_by_its_name()
    {
        string[] names = [.. Enumerable.Range(0, 20).Select(i => $"policy-{i}")];
        var authorizer = new ToolCallAuthorizer(
            names.Select(name => Policy.Parse($$"""{ "version": "1", "name": "{{name}}", "default": "allow", "tools": {} }""")),
            new ToolCallAuthorizerOptions { Grants = new GrantDirectory(names.Select(name => new Grant(name) { PolicyName = name })) });
        foreach (string name in names)
        {
            Assert.Equal(name, (await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = name })).PolicyName);
        }
    }

    [Theory]
    [InlineData("nobody", DecisionCode.GrantUnknown)]
    [InlineData("A", DecisionCode.GrantUnknown)]
    [InlineData("revoked", DecisionCode.GrantRevoked)]
    [InlineData("revoked-and-expired", DecisionCode.GrantRevoked)]
    [InlineData("expired", DecisionCode.GrantExpired)]
    [InlineData("expired-without-policy", DecisionCode.GrantExpired)]
    [InlineData("without-policy", DecisionCode.NoPolicy)]
    [InlineData("wrong-case", DecisionCode.NoPolicy)]
    public async Task A_grant_that_is_not_in_force_denies_before_anything_else(string grantId, DecisionCode expected)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        ToolCallAuthorizer authorizer = Authorizer(
            new Grant("a"),
            new Grant("revoked") { IsRevoked = true },
            new Grant("revoked-and-expired") { IsRevoked = true, Expires = now, PolicyName = "none" },
            new Grant("expired") { Expires = now },
            new Grant("expired-without-policy") { Expires = now, PolicyName = "none" },
            new Grant("without-policy") { PolicyName = "none" },
            new Grant("wrong-case") { PolicyName = "Builders" });

        foreach ((string tool, string arguments) in new[] { ("free", "{}"), ("secret", "{}"), ("free", "not JSON"), ("\ud800", "{}") })
        {
            var call = new ToolCall(tool, ToolArguments.FromJson(arguments)) { GrantId = grantId };
            ToolCallDecision decision = await authorizer.AuthorizeAsync(call);
            Assert.Equal((expected, "", grantId, ""), (decision.Code, decision.Rule, decision.GrantId, decision.PolicyName));
            Assert.Equal(ToolAvailability.Never, await authorizer.DescribeAsync("free", grantId));
        }
    }

    [Fact]
    public async Task A_grant_is_in_force_until_just_before_it_expires()
    {
        DateTimeOffset end = _clock.GetUtcNow().AddMinutes(1);
        ToolCallAuthorizer authorizer = Authorizer(new Grant("a") { Expires = end });
        var call = new ToolCall("free") { GrantId = "a" };

        _clock.SetUtcNow(end.AddTicks(-1));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        _clock.SetUtcNow(end);
        Assert.Equal(DecisionCode.GrantExpired, (await authorizer.AuthorizeAsync(call)).Code);
    }

    [Fact]
    public async Task A_clock_that_fails_lets_no_grant_that_expires_through()
    {
        var clock = new BrokenClock();
        var grants = new GrantDirectory([new Grant("a") { Expires = DateTimeOffset.MaxValue }, new Grant("b")]);
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse(Builders), new ToolCallAuthorizerOptions { Grants = grants, TimeProvider = clock, FaultListener = Listener() });

        Assert.Equal(DecisionCode.InternalError, (await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "a" })).Code);
        Assert.Equal(FaultKind.Clock, Assert.Single(_faults).Kind);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "b" })).IsAllowed);
    }

    [Fact]
    public async Task Revoking_or_replacing_a_grant_is_in_force_for_the_next_call()
    {
        var grants = new GrantDirectory([new Grant("a"), new Grant("b")]);
        ToolCallAuthorizer authorizer = Authorizer(grants);
        var call = new ToolCall("free") { GrantId = "a" };
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);

        Assert.True(grants.Revoke("a"));
        Assert.False(grants.Revoke("nobody"));
        Assert.Equal(DecisionCode.GrantRevoked, (await authorizer.AuthorizeAsync(call)).Code);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "b" })).IsAllowed);

        grants.Replace([new Grant("a") { PolicyName = "readers" }]);
        Assert.Equal(DecisionCode.NotListed, (await authorizer.AuthorizeAsync(call)).Code);
        Assert.Equal(DecisionCode.GrantUnknown, (await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "b" })).Code);
    }

    [Fact]
    public async Task Rules_read_the_attributes_of_the_grant_and_a_call_may_not_bring_any()
    {
        var attributes = new Dictionary<string, string> { ["team"] = "core" };
        ToolCallAuthorizer authorizer = Authorizer(
            new Grant("a") { Attributes = attributes },
            new Grant("b") { Attributes = new Dictionary<string, string> { ["team"] = "web" } },
            new Grant("c"));
        attributes["team"] = "web";

        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("build") { GrantId = "a" })).IsAllowed);
        Assert.Equal(DecisionCode.RequireFailed, (await authorizer.AuthorizeAsync(new ToolCall("build") { GrantId = "b" })).Code);
        Assert.Equal(DecisionCode.RequireFailed, (await authorizer.AuthorizeAsync(new ToolCall("build") { GrantId = "c" })).Code);

        var forged = new ToolCall("build") { GrantId = "c", GrantAttributes = new Dictionary<string, string> { ["team"] = "core" } };
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await authorizer.AuthorizeAsync(forged));
    }

    [Fact]
    public async Task A_call_that_names_no_grant_has_none()
    {
        ToolCallAuthorizer authorizer = Authorizer(new Grant("a"));
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("free"));
        Assert.Equal((DecisionCode.GrantUnknown, ""), (decision.Code, decision.GrantId));
        Assert.Equal(ToolAvailability.Never, await authorizer.DescribeAsync("free"));

        IGrantResolver asked = new Resolver((_, _) => throw new InvalidOperationException("asked for no grant"));
        Assert.Equal(DecisionCode.GrantUnknown, (await Authorizer(asked).AuthorizeAsync(new ToolCall("free"))).Code);
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task Each_grant_has_counters_of_its_own()
    {
        ToolCallAuthorizer authorizer = Authorizer(new Grant("a"), new Grant("b"));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("counted") { GrantId = "a" })).IsAllowed);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("counted") { GrantId = "b" })).IsAllowed);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("counted") { GrantId = "a" })).Code);
    }

    [Fact]
    public async Task A_resolver_may_take_its_time_and_no_more()
    {
        var answer = new TaskCompletionSource<Grant?>();
        ToolCallAuthorizer authorizer = Authorizer(new Resolver((_, _) => new(answer.Task)));
        Task<ToolCallDecision> first = authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "a" }).AsTask();
        Assert.False(first.IsCompleted);
        answer.SetResult(new Grant("a"));
        Assert.True((await first).IsAllowed);

        CancellationToken given = default;
        authorizer = Authorizer(new Resolver((_, token) =>
        {
            given = token;
            return new(new TaskCompletionSource<Grant?>().Task);
        }));
        Task<ToolCallDecision> late = authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "a" }).AsTask();
        Task<ToolAvailability> described = authorizer.DescribeAsync("free", "a").AsTask();
        _clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(late.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        ToolCallDecision decision = await late;
        Assert.Equal(DecisionCode.GrantResolverUnavailable, decision.Code);
        Assert.Equal(ToolAvailability.Never, await described);
        Assert.True(given.IsCancellationRequested);
        Assert.Contains(_faults, fault =>
            (fault.Kind, fault.Place, fault.DecisionId) == (FaultKind.GrantResolve, "Grants", decision.DecisionId)
            && fault.Exception is TimeoutException);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("fails later")]
    [InlineData("cancels itself")]
    [InlineData("mixes up grants")]
    public async Task A_resolver_that_breaks_denies_with_its_own_code(string how)
    {
        ToolCallAuthorizer authorizer = Authorizer(new Resolver((_, _) => how switch
        {
            "throws" => throw new InvalidOperationException("broken"),
            "fails later" => new(Task.FromException<Grant?>(new InvalidOperationException("broken"))),
            "cancels itself" => new(Task.FromCanceled<Grant?>(new CancellationToken(canceled: true))),
            _ => new(new Grant("b")),
        }));
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "a" });
        Assert.Equal(DecisionCode.GrantResolverUnavailable, decision.Code);
        Assert.Equal(decision.DecisionId, Assert.Single(_faults).DecisionId);
    }

    [Fact]
    public async Task A_host_that_gives_up_is_not_kept_waiting_by_its_resolver()
    {
        using var cancellation = new CancellationTokenSource();
        ToolCallAuthorizer authorizer = Authorizer(new Resolver((_, _) => new(new TaskCompletionSource<Grant?>().Task)));
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "a" }, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pending);
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task A_call_sees_one_grant_and_one_policy_to_its_end()
    {
        var answer = new TaskCompletionSource<PolicyLayer.Counters.CounterReservation>();
        var grants = new GrantDirectory([new Grant("a")]);
        ToolCallAuthorizer authorizer = Authorizer(grants, new StubStore { Reserve = _ => new(answer.Task) });
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("counted") { GrantId = "a" }).AsTask();
        grants.Revoke("a");
        answer.SetResult(PolicyLayer.Counters.CounterReservation.Admitted());
        Assert.True((await pending).IsAllowed);
    }

    [Fact]
    public void Policies_that_nobody_could_choose_among_are_refused()
    {
        Policy[] two = [Policy.Parse(Builders), Policy.Parse(Readers)];
        var grants = new GrantDirectory([]);
        Assert.Throws<ArgumentException>(() => new ToolCallAuthorizer(two, null));
        Assert.Throws<ArgumentException>(() => new ToolCallAuthorizer([], new ToolCallAuthorizerOptions { Grants = grants }));
        Assert.Throws<ArgumentException>(() => new ToolCallAuthorizer([two[0], two[0]], new ToolCallAuthorizerOptions { Grants = grants }));
        Assert.Throws<ArgumentException>(
            () => new ToolCallAuthorizer(two, new ToolCallAuthorizerOptions { Grants = grants, DefaultGrantId = "a" }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ToolCallAuthorizer(two, new ToolCallAuthorizerOptions { Grants = grants, GrantTimeout = TimeSpan.Zero }));
    }

    [Fact]
    public async Task An_empty_session_is_none()
    {
        const string Sessions = """
            { "version": "1", "default": "allow", "tools": { "t": {
              "limits": [{ "counter": "c", "window": "minute", "max": 1, "scope": "session" }] } } }
            """;
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Sessions), TestPolicies.OneGrant);
        Assert.Equal(DecisionCode.SessionMissing, (await authorizer.AuthorizeAsync(new ToolCall("t") { SessionId = "" })).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_resolver_whose_clean_up_hangs_keeps_no_call(bool isCancelled)
    {
        using var release = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var cleaned = new TaskCompletionSource();
        ToolCallAuthorizer authorizer = Authorizer(new Resolver((_, token) =>
        {
            token.Register(() =>
            {
                release.Wait();
                cleaned.SetResult();
            });
            return new(new TaskCompletionSource<Grant?>().Task);
        }));

        Task<ToolCallDecision> call = authorizer.AuthorizeAsync(new ToolCall("build") { GrantId = "a" }, cancellation.Token).AsTask();
        if (isCancelled)
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        else
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(DecisionCode.GrantResolverUnavailable, (await call).Code);
        }

        Assert.False(cleaned.Task.IsCompleted);
        release.Set();
        await cleaned.Task;
    }

    private ToolCallAuthorizer Authorizer(params Grant[] grants) => Authorizer(new GrantDirectory(grants));

    private ToolCallAuthorizer Authorizer(IGrantResolver grants, StubStore? store = null) => new(
        [Policy.Parse(Builders), Policy.Parse(Readers)],
        new ToolCallAuthorizerOptions { Grants = grants, TimeProvider = _clock, FaultListener = Listener(), Counters = store });

    private FaultList Listener() => new(_faults);

    private sealed class Resolver(Func<GrantRequest, CancellationToken, ValueTask<Grant?>> resolve) : IGrantResolver
    {
        public ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default) =>
            resolve(request, cancellationToken);
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("no clock");
    }
}
