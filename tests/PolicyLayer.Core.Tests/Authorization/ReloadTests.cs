using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A reload puts all of a bundle in force or nothing, keeps what counters know, and says what begins anew.</summary>
public sealed class ReloadTests
{
    private const string Limit = """{ "counter": "c", "window": "hour", "max": 2 }""";

    private readonly List<Fault> _faults = [];

    [Fact]
    public async Task Counters_go_on_and_nothing_is_said_to_be_new()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited(Limit));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);

        PolicyReload reload = await authorizer.ReloadAsync(Bundle(Limited("""{ "counter": "c", "window": "hour", "max": 1 }""")));

        PolicyChange change = Assert.Single(reload.Policies);
        Assert.Empty(change.NewCounters);
        Assert.Empty(change.NewMarks);
        Assert.True(reload.ChangedAnything);
        Assert.Null(reload.Grants);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal((DecisionCode.LimitExceeded, change.NewRevision), (decision.Code, decision.PolicyRevision));
        Assert.NotEqual(change.OldRevision, change.NewRevision);
    }

    [Fact]
    public async Task An_only_policy_of_another_name_is_the_first_as_before()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""{ "version": "1", "name": "a", "default": "allow" }""");
        PolicyReload reload = await authorizer.ReloadAsync(Bundle("""{ "version": "1", "name": "b", "default": "allow" }"""));
        Assert.Equal(["b", "a"], reload.Policies.Select(change => change.Name));
        Assert.DoesNotContain(reload.Policies, change => change.BecameFirst);
    }

    [Fact]
    public async Task Another_first_policy_is_a_change()
    {
        Policy a = Policy.Parse("""{ "version": "1", "name": "a", "default": "allow" }""");
        Policy b = Policy.Parse("""{ "version": "1", "name": "b", "default": "deny" }""");
        var sink = new PolicyLayer.Auditing.InMemoryAuditSink();
        var options = new ToolCallAuthorizerOptions { Grants = new GrantDirectory([new Grant("g")]) };
        options.AuditSinks.Add(sink);
        var authorizer = new ToolCallAuthorizer([b, a], options);
        var heard = new List<PolicyReload>();
        authorizer.Reloaded += (_, e) => heard.Add(e.Reload);

        PolicyReload reload = await authorizer.ReloadAsync(new PolicyBundle([a, b]));

        PolicyChange change = Assert.Single(reload.Policies);
        Assert.Equal(("a", true, change.OldRevision), (change.Name, change.BecameFirst, change.NewRevision));
        Assert.Same(reload, Assert.Single(heard));
        Assert.True(Assert.Single(sink.Records).Reload!.BecameFirst);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);
        Assert.False((await authorizer.ReloadAsync(new PolicyBundle([a, b]))).ChangedAnything);
    }

    [Theory]
    [InlineData("""{ "counter": "c", "window": "day", "max": 2 }""")]
    [InlineData("""{ "counter": "c", "window": "hour", "max": 2, "scope": "policy" }""")]
    [InlineData("""{ "counter": "c", "window": "hour", "max": 2, "algorithm": "sliding" }""")]
    [InlineData("""{ "counter": "c", "window": "hour", "max": 2, "per": "args.a" }""")]
    public async Task A_limit_that_counts_otherwise_begins_anew(string limit)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited(Limit));
        PolicyReload reload = await authorizer.ReloadAsync(Bundle(Limited(limit)));
        Assert.Equal(["c"], Assert.Single(reload.Policies).NewCounters);
    }

    [Theory]
    [InlineData("""{ "counter": "c", "window": "hour", "max": 2, "per": "args.b" }""", true)]
    [InlineData("""{ "counter": "c", "window": "hour", "max": 9, "per": "args.a", "on_deny": "No." }""", false)]
    [InlineData("""{ "counter": "c", "window": 3600, "max": 2, "per": ["args.a"] }""", false)]
    public async Task What_a_limit_goes_by_tells_counters_apart(string limit, bool isNew)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Limited("""{ "counter": "c", "window": "hour", "max": 2, "per": "args.a" }"""));
        PolicyReload reload = await authorizer.ReloadAsync(Bundle(Limited(limit)));
        Assert.Equal(isNew ? ["c"] : [], Assert.Single(reload.Policies).NewCounters);
    }

    [Theory]
    [InlineData("""{ "tool": "a", "within": "hour", "same": "args.x" }""", "after", false)]
    [InlineData("""{ "tool": "a", "within": "hour", "same": "args.x", "on_deny": "No." }""", "after", false)]
    [InlineData("""{ "tool": "a", "within": "day", "same": "args.x" }""", "after", true)]
    [InlineData("""{ "tool": "a", "within": "hour", "same": "args.y" }""", "after", true)]
    [InlineData("""{ "tool": "a", "within": "hour" }""", "after", true)]
    [InlineData("""{ "tool": "a", "within": "hour", "same": "args.x", "scope": "grant" }""", "after", true)]
    [InlineData("""{ "tool": "a", "within": "hour", "same": "args.x" }""", "not_after", true)]
    public async Task Marks_that_an_order_goes_by_otherwise_begin_anew(string order, string member, bool isNew)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Ordered("after", """{ "tool": "a", "within": "hour", "same": "args.x" }""", "before"));
        PolicyReload reload = await authorizer.ReloadAsync(Bundle(Ordered(member, order, "now")));
        PolicyChange change = Assert.Single(reload.Policies);
        Assert.Equal(isNew ? ["a"] : [], change.NewMarks);
        Assert.Empty(change.NewCounters);
    }

    [Fact]
    public async Task Policies_that_are_new_changed_and_gone_are_told_in_order()
    {
        var directory = new GrantDirectory([new Grant("g") { PolicyName = "b" }]);
        var authorizer = new ToolCallAuthorizer(
            [Named("a", 1), Named("b", 1), Named("same", 1)], new ToolCallAuthorizerOptions { Grants = directory });

        PolicyReload reload = await authorizer.ReloadAsync(new PolicyBundle([Named("c", 1), Named("same", 1), Named("a", 2)]));

        Assert.Equal(
            [("c", false, true), ("a", true, true), ("b", true, false)],
            reload.Policies.Select(change => (change.Name, change.OldRevision is not null, change.NewRevision is not null)));
        Assert.Equal(["t_rate"], reload.Policies[0].NewCounters);
        Assert.Empty(reload.Policies[2].NewCounters);
        Assert.Equal(DecisionCode.NoPolicy, (await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).Code);
    }

    [Fact]
    public async Task The_same_documents_anew_change_nothing_and_are_not_told()
    {
        int raised = 0;
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited(Limit));
        authorizer.Reloaded += (_, _) => raised++;
        Assert.False((await authorizer.ReloadAsync(Bundle(Limited(Limit)))).ChangedAnything);
        Assert.Equal(0, raised);
    }

    [Fact]
    public async Task Grants_come_with_policies_and_what_changed_is_counted()
    {
        var directory = new GrantDirectory([new Grant("kept"), new Grant("revoked"), new Grant("other"), new Grant("gone")]);
        ToolCallAuthorizer authorizer = Granted(directory);

        PolicyReload reload = await authorizer.ReloadAsync(new PolicyBundle(
            [Named("p", 1)],
            [
                new Grant("kept"), new Grant("revoked") { IsRevoked = true }, new Grant("new"),
                new Grant("other") { Attributes = new Dictionary<string, string> { ["a"] = "b" } },
            ]));

        Assert.Empty(reload.Policies);
        Assert.Equal((1, 2, 1), (reload.Grants!.Added, reload.Grants.Changed, reload.Grants.Removed));
        Assert.Equal(DecisionCode.Allowed, await CodeAsync(authorizer, "kept"));
        Assert.Equal(DecisionCode.Allowed, await CodeAsync(authorizer, "new"));
        Assert.Equal(DecisionCode.GrantRevoked, await CodeAsync(authorizer, "revoked"));
        Assert.Equal(DecisionCode.GrantUnknown, await CodeAsync(authorizer, "gone"));
        Assert.Equal(4, directory.Grants.Count);
    }

    [Fact]
    public async Task A_bundle_without_grants_leaves_them_and_those_that_were_revoked()
    {
        var directory = new GrantDirectory([new Grant("a"), new Grant("b")]);
        ToolCallAuthorizer authorizer = Granted(directory);
        directory.Revoke("b");
        Assert.Null((await authorizer.ReloadAsync(new PolicyBundle([Named("p", 2)]))).Grants);
        Assert.Equal(DecisionCode.GrantRevoked, await CodeAsync(authorizer, "b"));

        // Replaced and revoked by the host, the reloaded policy stays.
        directory.Replace([new Grant("a")]);
        directory.Revoke("a");
        Assert.Equal(DecisionCode.GrantRevoked, await CodeAsync(authorizer, "a"));
        directory.Replace([new Grant("a")]);
        Assert.Equal(Named("p", 2).Revision, (await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "a" })).PolicyRevision);
    }

    [Fact]
    public async Task Of_two_authorizers_on_one_directory_each_has_its_policies()
    {
        var directory = new GrantDirectory([new Grant("a")]);
        ToolCallAuthorizer one = Granted(directory);
        ToolCallAuthorizer other = Granted(directory);
        await one.ReloadAsync(new PolicyBundle([Named("p", 2)], [new Grant("b")]));

        Assert.Equal(Named("p", 2).Revision, (await one.AuthorizeAsync(new ToolCall("t") { GrantId = "b" })).PolicyRevision);
        Assert.Equal(Named("p", 1).Revision, (await other.AuthorizeAsync(new ToolCall("t") { GrantId = "b" })).PolicyRevision);
        Assert.Equal(DecisionCode.GrantUnknown, await CodeAsync(other, "a"));
        await other.ReloadAsync(new PolicyBundle([Named("p", 3)]));
        Assert.Equal(Named("p", 2).Revision, (await one.AuthorizeAsync(new ToolCall("t") { GrantId = "b" })).PolicyRevision);
    }

    [Fact]
    public async Task A_bundle_that_does_not_fit_changes_nothing()
    {
        ToolCallAuthorizer alone = TestPolicies.Authorizer(Limited(Limit));
        await Assert.ThrowsAsync<ArgumentException>(
            "bundle", async () => await alone.ReloadAsync(new PolicyBundle([Named("p", 1), Named("q", 1)])));
        await Assert.ThrowsAsync<ArgumentException>(
            "bundle", async () => await alone.ReloadAsync(new PolicyBundle([Named("p", 1)], [new Grant("a")])));
        await Assert.ThrowsAsync<ArgumentNullException>("bundle", async () => await alone.ReloadAsync(null!));
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await alone.ReloadAsync(new PolicyBundle([Named("p", 1)]), new CancellationToken(canceled: true)));
        Assert.Equal(
            Policy.Parse(Limited(Limit)).Revision, (await alone.AuthorizeAsync(new ToolCall("t"))).PolicyRevision);

        // Of a name that another document has, the grants of the bundle aren't taken either.
        var store = new InMemoryCounterStore();
        var directory = new GrantDirectory([new Grant("a")]);
        _ = new ToolCallAuthorizer(Named("taken", 1), new ToolCallAuthorizerOptions { Counters = store });
        var authorizer = new ToolCallAuthorizer(
            Named("p", 1), new ToolCallAuthorizerOptions { Counters = store, Grants = directory });
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await authorizer.ReloadAsync(new PolicyBundle([Named("taken", 2)], [new Grant("b")])));
        Assert.Equal(DecisionCode.Allowed, await CodeAsync(authorizer, "a"));
        Assert.Equal(DecisionCode.GrantUnknown, await CodeAsync(authorizer, "b"));
    }

    [Fact]
    public async Task A_handler_that_throws_is_told_and_hinders_nobody()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Limited(Limit), options => options.FaultListener = new FaultList(_faults));
        var heard = new List<PolicyReload>();
        authorizer.Reloaded += (_, _) => throw new InvalidOperationException("handler");
        authorizer.Reloaded += (sender, e) =>
        {
            Assert.Same(authorizer, sender);
            heard.Add(e.Reload);
        };

        PolicyReload reload = await authorizer.ReloadAsync(new PolicyBundle([Named("p", 2)]));

        Assert.Same(reload, Assert.Single(heard));
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.Reload, "Reloaded", ""), (fault.Kind, fault.Place, fault.DecisionId));
        Assert.Equal("handler", fault.Exception?.Message);
        Assert.Equal("p", (await authorizer.AuthorizeAsync(new ToolCall("t"))).PolicyName);
    }

    [Fact]
    public async Task Grants_and_policies_are_never_seen_apart()
    {
        const int Threads = 3;
        var directory = new GrantDirectory([GrantOf(0)]);
        var authorizer = new ToolCallAuthorizer(PolicyOf(0), new ToolCallAuthorizerOptions { Grants = directory, MaxOpenCalls = 1_024 });
        using var stop = new CancellationTokenSource();
        Task<int>[] callers = [.. Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () => CallUntil(authorizer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        for (int i = 1; i <= LongTests.Choose(usual: 200, whenLong: 20_000); i++)
        {
            await authorizer.ReloadAsync(new PolicyBundle([PolicyOf(i)], [GrantOf(i)]));
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(callers), denied => Assert.Equal(0, denied));
    }

    /// <summary>How many calls were denied: each is, if it sees a policy without its grant.</summary>
    private static int CallUntil(ToolCallAuthorizer authorizer, CancellationToken stop)
    {
        int denied = 0;
        do
        {
            var call = new ToolCall("t") { GrantId = "g" };
            ToolCallDecision decision = TestPolicies.Now(authorizer.AuthorizeAsync(call, CancellationToken.None));
            denied += decision.IsAllowed ? 0 : 1;
        }
        while (!stop.IsCancellationRequested);

        return denied;
    }

    private static Grant GrantOf(int i) => new("g") { Attributes = new Dictionary<string, string> { ["r"] = $"{i}" } };

    private static Policy PolicyOf(int i) => Policy.Parse($$"""
        { "version": "1", "name": "p", "default": "deny", "tools": { "t": {
            "require": [{ "conditions": [{ "path": "grant.r", "op": "eq", "value": "{{i}}" }] }] } } }
        """);

    private static async Task<DecisionCode> CodeAsync(ToolCallAuthorizer authorizer, string grant) =>
        (await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = grant })).Code;

    private static ToolCallAuthorizer Granted(GrantDirectory directory) =>
        new(Named("p", 1), new ToolCallAuthorizerOptions { Grants = directory });

    private static PolicyBundle Bundle(string policy) => new([Policy.Parse(policy)]);

    private static Policy Named(string name, int max) => Policy.Parse(
        $$"""{ "version": "1", "name": "{{name}}", "default": "deny", "tools": { "t": { "rate_limit": "{{max + 100}}/minute" } } }""");

    private static string Limited(string limit) =>
        $$"""{ "version": "1", "default": "deny", "tools": { "t": { "limits": [{{limit}}] } } }""";

    private static string Ordered(string member, string order, string description) =>
        $$"""
        { "version": "1", "default": "deny", "description": "{{description}}",
          "tools": { "a": {}, "t": { "{{member}}": [{{order}}] } } }
        """;
}
