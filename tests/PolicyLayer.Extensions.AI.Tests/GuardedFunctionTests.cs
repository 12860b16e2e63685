using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using PolicyLayer.Auditing;
using PolicyLayer.Extensions.AI;

namespace PolicyLayer.Tests.AI;

/// <summary>One function, invoked by itself.</summary>
public sealed class GuardedFunctionTests
{
    private readonly InMemoryAuditSink _sink = new();

    [Fact]
    public async Task An_allowed_function_runs_and_its_success_is_reported()
    {
        var inner = new CountedFunction("f");
        AIFunction guarded = inner.WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink));

        Assert.Equal("done", await guarded.InvokeAsync(new AIFunctionArguments { ["a"] = 1 }));
        Assert.Equal(1, inner.Runs);
        Assert.Equal([ToolCallOutcome.Succeeded], Outcomes());
    }

    [Fact]
    public async Task A_denial_is_the_result_and_nothing_runs()
    {
        var inner = new CountedFunction("g");
        AIFunction guarded = inner.WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink));

        Assert.Equal("[POLICY DENIED] This tool is not listed in the policy.", await guarded.InvokeAsync());
        Assert.Equal(0, inner.Runs);
        Assert.Empty(Outcomes());
    }

    [Fact]
    public async Task A_denial_is_thrown_where_the_host_wants_it()
    {
        var inner = new CountedFunction("f");
        AIFunction guarded = inner.WithPolicyLayer(
            Authorizers.Of("""{ "f": { "rate_limit": "1/day" } }"""), new FunctionGuardOptions { ThrowsDenials = true });

        await guarded.InvokeAsync();
        var thrown = await Assert.ThrowsAsync<ToolCallDeniedException>(() => guarded.InvokeAsync().AsTask());
        Assert.Equal("limit_exceeded", thrown.Denial.Code);
        Assert.Equal(thrown.Denial.Message, thrown.Message);
        Assert.Equal(1, inner.Runs);
    }

    [Fact]
    public async Task What_a_function_throws_is_a_failure_and_goes_on()
    {
        var inner = new CountedFunction("f", (_, _) => throw new InvalidOperationException("broken"));
        AIFunction guarded = inner.WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink));

        await Assert.ThrowsAsync<InvalidOperationException>(() => guarded.InvokeAsync().AsTask());
        Assert.Equal([ToolCallOutcome.Failed], Outcomes());
    }

    [Fact]
    public async Task A_result_may_say_that_the_function_failed()
    {
        var inner = new CountedFunction("f", (_, _) => new ValueTask<object?>("error: no such file"));
        AIFunction guarded = inner.WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }""", _sink),
            new FunctionGuardOptions { IsFailure = result => result is string text && text.StartsWith("error", StringComparison.Ordinal) });

        Assert.Equal("error: no such file", await guarded.InvokeAsync());
        Assert.Equal([ToolCallOutcome.Failed], Outcomes());
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_the_function_begins_never_ran()
    {
        using var cancellation = new CancellationTokenSource();
        var inner = new CountedFunction("f");
        var authorizer = new CancellingAuthorizer(Authorizers.Of("""{ "f": { "rate_limit": "1/day" } }""", _sink), cancellation);
        AIFunction guarded = inner.WithPolicyLayer(authorizer);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.InvokeAsync(null, cancellation.Token).AsTask());
        Assert.Equal(0, inner.Runs);
        Assert.Equal([ToolCallOutcome.NotExecuted], Outcomes());
        Assert.Equal("done", await guarded.InvokeAsync());
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_the_function_runs_has_failed()
    {
        using var cancellation = new CancellationTokenSource();
        var inner = new CountedFunction("f", async (_, token) =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
            return null;
        });
        AIFunction guarded = inner.WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.InvokeAsync(null, cancellation.Token).AsTask());
        Assert.Equal([ToolCallOutcome.Failed], Outcomes());
    }

    [Fact]
    public async Task A_function_guarded_twice_asks_once()
    {
        ToolCallAuthorizer authorizer = Authorizers.Of("""{ "f": {} }""", _sink);
        AIFunction once = new CountedFunction("f").WithPolicyLayer(authorizer);
        AIFunction wrapped = new ApprovalRequiredAIFunction(once);

        Assert.Same(once, once.WithPolicyLayer(authorizer));
        Assert.Same(wrapped, wrapped.WithPolicyLayer(authorizer));
        await wrapped.WithPolicyLayer(authorizer).InvokeAsync();
        Assert.Single(_sink.Records, record => record.Kind == AuditRecordKind.Decision);
    }

    [Fact]
    public void A_function_guarded_twice_in_two_ways_is_refused()
    {
        ToolCallAuthorizer authorizer = Authorizers.Of("""{ "f": {} }""");
        Func<AIFunctionArguments, string?> session = _ => "s";
        ToolArguments facts = ToolArguments.FromJson("{}");
        FunctionGuardOptions Options() => new() { GrantId = "a", SessionIdFrom = session, Facts = facts };
        AIFunction once = new CountedFunction("f").WithPolicyLayer(authorizer, Options());

        Assert.Same(once, once.WithPolicyLayer(authorizer, Options()));
        foreach (Action<FunctionGuardOptions> change in new Action<FunctionGuardOptions>[]
        {
            options => options.GrantId = null,
            options => options.GrantId = "b",
            options => options.SessionIdFrom = _ => "t",
            options => options.SessionSource = SessionSource.Header,
            options => options.Server = "b",
            options => options.Facts = ToolArguments.FromJson("""{"env":"test"}"""),
            options => options.ThrowsDenials = true,
            options => options.IsFailure = _ => true,
            options => options.EnforceSchema = true,
        })
        {
            FunctionGuardOptions other = Options();
            change(other);
            Assert.Contains("with other options", Assert.Throws<ArgumentException>(
                () => new ApprovalRequiredAIFunction(once).WithPolicyLayer(authorizer, other)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_an_inner_guard_denies_never_ran_for_the_outer_one(bool throws, bool isWrapped)
    {
        var inner = new CountedFunction("f");
        AIFunction denied = inner.WithPolicyLayer(
            Authorizers.Of("{}"), new FunctionGuardOptions { ThrowsDenials = throws });
        AIFunction guarded = (isWrapped ? new ApprovalRequiredAIFunction(denied) : denied).WithPolicyLayer(
            Authorizers.Of("""{ "f": { "rate_limit": "1/day" } }""", _sink)).WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }""", _sink));

        for (int i = 0; i < 2; i++)
        {
            Exception? thrown = await Record.ExceptionAsync(() => guarded.InvokeAsync().AsTask());
            Assert.Equal(throws, thrown is ToolCallDeniedException);
        }

        Assert.Equal(0, inner.Runs);
        Assert.Equal(Enumerable.Repeat(ToolCallOutcome.NotExecuted, 4), Outcomes());
    }

    [Fact]
    public async Task Two_guards_report_what_ran()
    {
        AIFunction other = new CountedFunction("g").WithPolicyLayer(Authorizers.Of("{}"));
        AIFunction guarded = new CountedFunction("f", async (_, token) => await other.InvokeAsync(null, token))
            .WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink))
            .WithPolicyLayer(Authorizers.Of("""{ "f": {} }""", _sink));

        Assert.StartsWith("[POLICY DENIED]", (string?)await guarded.InvokeAsync(), StringComparison.Ordinal);
        Assert.Equal([ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded], Outcomes());
    }

    [Fact]
    public async Task Two_authorizers_are_both_asked_in_any_order_of_guarding()
    {
        var inner = new CountedFunction("f");
        ToolCallAuthorizer open = Authorizers.Of("""{ "f": {} }""", _sink);
        AIFunction guarded = inner.WithPolicyLayer(open).WithPolicyLayer(Authorizers.Of("{}")).WithPolicyLayer(open);

        Assert.StartsWith("[POLICY DENIED]", (string?)await guarded.InvokeAsync(), StringComparison.Ordinal);
        Assert.Equal(0, inner.Runs);
    }

    [Fact]
    public async Task The_caller_is_what_the_host_says()
    {
        AIFunction guarded = new CountedFunction("f").WithPolicyLayer(
            Authorizers.Of(
                """{ "f": { "require": [{ "conditions": [{ "path": "context.env", "op": "eq", "value": "test" }] }] } }""", _sink),
            new FunctionGuardOptions
            {
                GrantIdFrom = caller => (string?)caller.Context?["grant"],
                SessionIdFrom = caller => caller.Services is null ? null : "s-1",
                SessionSource = SessionSource.Header,
                Server = "files",
                FactsFrom = _ => ToolArguments.FromJson("""{"env":"test"}"""),
            });

        var arguments = new AIFunctionArguments
        {
            Services = new NoServices(),
            Context = new Dictionary<object, object?> { ["grant"] = "ci" },
            ["grant"] = "admin",
        };
        Assert.Equal("done", await guarded.InvokeAsync(arguments));
        AuditRecord decision = _sink.Records[0];
        Assert.Equal(("ci", "s-1", "files"), (decision.GrantId, decision.SessionId, decision.Server));
        Assert.Equal(SessionSource.Header, decision.SessionSource);
    }

    [Fact]
    public async Task Who_calls_is_never_read_from_the_arguments()
    {
        int seen = -1;
        AIFunction guarded = new CountedFunction("f").WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }"""),
            new FunctionGuardOptions { SessionIdFrom = caller => $"{seen = caller.Count}" });

        await guarded.InvokeAsync(new AIFunctionArguments { ["session"] = "x" });
        Assert.Equal(0, seen);
    }

    [Fact]
    public async Task What_the_host_throws_about_the_caller_keeps_the_function_from_running()
    {
        var inner = new CountedFunction("f");
        AIFunction guarded = inner.WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }"""), new FunctionGuardOptions { GrantIdFrom = _ => throw new InvalidOperationException() });

        await Assert.ThrowsAsync<InvalidOperationException>(() => guarded.InvokeAsync().AsTask());
        Assert.Equal(0, inner.Runs);
    }

    [Fact]
    public void Two_options_that_say_the_same_are_refused()
    {
        var function = new CountedFunction("f");
        ToolCallAuthorizer authorizer = Authorizers.Of("{}");
        foreach (FunctionGuardOptions options in new FunctionGuardOptions[]
        {
            new() { GrantId = "a", GrantIdFrom = _ => "b" },
            new() { SessionId = "a", SessionIdFrom = _ => "b" },
            new() { Server = "a", ServerFrom = _ => "b" },
            new() { Facts = ToolArguments.FromJson("{}"), FactsFrom = _ => default },
            new() { GrantId = "" },
            new() { SessionSource = (SessionSource)99 },
        })
        {
            Assert.ThrowsAny<ArgumentException>(() => function.WithPolicyLayer(authorizer, options));
        }
    }

    /// <summary>While the call is judged somebody changes all that they can reach of its arguments.</summary>
    [Fact]
    public async Task What_was_judged_is_what_runs()
    {
        var inner = new CountedFunction("f");
        var node = new JsonObject { ["n"] = 1 };
        var list = new List<object?> { 1, new Dictionary<string, object?> { ["n"] = 1 } };
        int[] numbers = [1];
        var members = new Dictionary<string, object?> { ["a"] = "good", ["node"] = node, ["list"] = list, ["numbers"] = numbers };
        var authorizer = new ActingAuthorizer(Authorizers.Of("""{ "f": {} }"""), () =>
        {
            members["a"] = "evil";
            members["b"] = "evil";
            node["n"] = 2;
            ((Dictionary<string, object?>)list[1]!)["n"] = 2;
            list.Add(2);
            numbers[0] = 2;
        });

        await inner.WithPolicyLayer(authorizer).InvokeAsync(new AIFunctionArguments(members));
        Assert.Equal(
            """{"a":"good","node":{"n":1},"list":[1,{"n":1}],"numbers":[1]}""",
            JsonSerializer.Serialize(new Dictionary<string, object?>(inner.Last!)));
    }

    [Fact]
    public async Task A_value_that_nobody_can_judge_is_denied()
    {
        var inner = new CountedFunction("f");
        AIFunction guarded = inner.WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }"""), new FunctionGuardOptions { ThrowsDenials = true });

        var thrown = await Assert.ThrowsAsync<ToolCallDeniedException>(
            () => guarded.InvokeAsync(new AIFunctionArguments { ["a"] = new Version(1, 2) }).AsTask());
        Assert.Equal("arguments_malformed", thrown.Denial.Code);
        Assert.Equal(0, inner.Runs);
    }

    [Fact]
    public async Task Names_bind_as_they_were_judged()
    {
        AIFunction guarded = AIFunctionFactory.Create((string path = "none") => path, "f").WithPolicyLayer(
            Authorizers.Of("""{ "f": {} }"""));

        object? result = await guarded.InvokeAsync(new AIFunctionArguments(StringComparer.OrdinalIgnoreCase) { ["PATH"] = "/etc" });
        Assert.Equal("none", result?.ToString());
    }

    private IEnumerable<ToolCallOutcome> Outcomes() =>
        from record in _sink.Records
        where record.Kind == AuditRecordKind.Completion
        select record.CallOutcome!.Value;

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
