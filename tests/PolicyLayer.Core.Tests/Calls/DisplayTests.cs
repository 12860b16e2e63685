using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using PolicyLayer.Counters;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Calls;

/// <summary>What a debugger and a careless log show of the engine's types: short, and no value of an argument.</summary>
public sealed class DisplayTests
{
    private const string Witness = "w1tn3ss-4242";
    private const long Amount = 424_242 * CounterDemand.Unit;

    private static readonly CounterDefinition Definition =
        new("agents", "spent", CounterScope.Grant, CounterWindowLength.FromSeconds(60));

    private static readonly CounterKey Key = new(Definition, "ci", null);

    public static TheoryData<Type> Types =>
    [
        typeof(ToolCall), typeof(ToolArguments), typeof(ToolCallDecision), typeof(ToolCallExplanation),
        typeof(ExplainedStep), typeof(ExplainedCondition), typeof(ExplainedLimit), typeof(ExplainedApproval),
        typeof(Policy), typeof(PolicyLoadResult), typeof(GrantLoadResult), typeof(PolicyDiagnostic), typeof(DocumentFindings),
        typeof(PolicyBundleResult), typeof(Grant),
        typeof(CounterKey), typeof(CounterDefinition), typeof(CounterDemand), typeof(CounterRequest), typeof(CounterReservation),
        typeof(CounterRelease), typeof(CounterStatus), typeof(CounterWindow), typeof(CounterWindowBounds), typeof(CounterWindowLength),
    ];

    public static TheoryData<ToolArguments, string> Arguments => new()
    {
        { ToolArguments.None, "none" },
        { ToolArguments.FromJson($$"""{"a":"{{Witness}}"}"""), "20 bytes" },
        { ToolArguments.FromJson($"\ud800{Witness}"), "malformed text" },
        { ToolArguments.FromUtf8(new UnownedMemory(Encoding.UTF8.GetBytes(Witness)).Memory), "12 bytes" },
        { ToolArguments.FromElement(JsonElement.Parse($$"""{"a":"{{Witness}}"}""")), "an element" },
        { ToolArguments.FromDictionary(new Dictionary<string, object?> { [Witness] = Witness }), "a dictionary" },
        { ToolArguments.FromDictionary(new Dictionary<string, JsonElement> { [Witness] = default }), "a dictionary" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_says_itself_and_a_debugger_shows_that(Type type)
    {
        Assert.Equal(type, type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType);
        Assert.Equal("{ToString(),nq}", type.GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void Arguments_say_their_form_and_length(ToolArguments arguments, string expected)
    {
        Assert.Equal(expected, arguments.ToString());
        Assert.DoesNotContain(Witness, new ToolCall("t", arguments) { Context = arguments }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_says_its_tool_and_its_grant_in_one_short_line()
    {
        Assert.Equal("`t`", new ToolCall("t").ToString());
        Assert.Equal("`t` (`ci`)", new ToolCall("t") { GrantId = "ci" }.ToString());
        Assert.Equal("``", default(ToolCall).ToString());
        Assert.Equal($"`{new string('x', 64)}…`", new ToolCall(new string('x', 1_000)).ToString());
        Assert.Equal("`a b`", new ToolCall("a\nb").ToString());
    }

    [Fact]
    public async Task Decisions_and_explanations_say_what_was_decided()
    {
        Policy policy = Policy.Parse("""
            { "version": "1", "default": "deny", "name": "agents", "tools": { "pay": {
              "require": [{ "conditions": [{ "path": "args.payee", "op": "eq", "value": "ann" }] }],
              "limits": [{ "counter": "spent", "window": "minute", "max": 1000000, "increment_from": "args.amount" }] } } }
            """);
        var authorizer = new ToolCallAuthorizer(policy);
        ToolCall Pay(string payee) => new("pay", ToolArguments.FromJson($$"""{"payee":"{{payee}}","amount":424242}""")) { GrantId = "ci" };
        ToolCallDecision allowed = await authorizer.AuthorizeAsync(Pay("ann"));
        ToolCallDecision denied = await authorizer.AuthorizeAsync(Pay(Witness));
        ToolCallExplanation explained = await authorizer.ExplainAsync(Pay(Witness));

        Assert.Equal("allow allowed: `pay` (`ci`)", allowed.ToString());
        Assert.Equal("deny require_failed /tools/pay/require/0: `pay` (`ci`)", denied.ToString());
        Assert.Equal(denied.ToString(), explained.ToString());
        Assert.Equal("deny internal_error: `` (``)", default(ToolCallDecision).ToString());
        Assert.Equal($"`agents` {policy.Revision[..12]}", policy.ToString());
        ExplainedStep step = explained.Steps.Single(step => step.Rule == "/tools/pay/require/0");
        Assert.Equal("7 /tools/pay/require/0: False", step.ToString());
        Assert.Equal("args.payee eq: False", step.Conditions.Single().ToString());
        Assert.Equal("spent: /tools/pay/limits/0", explained.Limits.Single().ToString());
        Assert.Equal(424_242, explained.Limits.Single().Used);
    }

    [Fact]
    public void Findings_are_counted()
    {
        PolicyLoadResult bad = Policy.Load("""{ "version": "1" , "defualt": "deny" }""");
        PolicyLoadResult good = Policy.Load("""{ "version": "1", "default": "deny", "tools": {} }""");
        int errors = bad.Diagnostics.Count(finding => finding.Severity == DiagnosticSeverity.Error);

        Assert.Equal($"invalid: {errors} errors, {bad.Diagnostics.Count - errors} warnings", bad.ToString());
        Assert.Equal($"`default` {good.Policy!.Revision[..12]}: 0 errors, {good.Diagnostics.Count} warnings", good.ToString());
        Assert.Equal("1 grants: 0 errors, 0 warnings", GrantDocument.Load("""{ "grants": [{ "id": "ci" }] }""").ToString());
        Assert.StartsWith("invalid: ", GrantDocument.Load("{}").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_say_whose_they_are_and_no_amount()
    {
        var demand = new CounterDemand(Key, Amount, 2 * Amount);
        var request = new CounterRequest(DateTimeOffset.UnixEpoch, "ci", null, [demand]);
        object[] all =
        [
            demand,
            request,
            CounterReservation.Charged([Amount]),
            CounterReservation.Refused([Amount], TimeSpan.FromSeconds(1)),
            new CounterRelease(request, CounterReservation.Charged([Amount])),
            new CounterStatus(Key, Amount, DateTimeOffset.UnixEpoch),
            new CounterWindow(Definition),
            request[0].Bounds!.Value,
        ];

        Assert.Equal("`agents` `spent` per grant, 60 s", Definition.ToString());
        Assert.Equal(
            [
                Key.ToString(), "Charge 1 of `ci`", "Admitted", "Refused", "Charge 1 of `ci`",
                $"{Key} until 1970-01-01T00:00:00.0000000+00:00", Definition.ToString(),
                "1970-01-01T00:00:00.0000000+00:00 to 1970-01-01T00:01:00.0000000+00:00",
            ],
            all.Select(value => value.ToString()));
        Assert.DoesNotContain(all, value => value.ToString()!.Contains("424242", StringComparison.Ordinal));
        Assert.Equal("", default(CounterDemand).ToString());
        Assert.Equal("Charge 0 of ``", default(CounterRequest).ToString());
    }

    /// <summary>Memory that is no array.</summary>
    private sealed class UnownedMemory(byte[] bytes) : System.Buffers.MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => bytes;

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
