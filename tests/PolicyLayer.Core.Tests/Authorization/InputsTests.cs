using System.Text;
using PolicyLayer.Auditing;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What was answered to a tool in the middle of a call: it is read like arguments, by no rule, and recorded as a digest.</summary>
public sealed class InputsTests
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": {
          "free": {}, "blocked": { "action": "deny" }, "once": { "rate_limit": "1/day" },
          "ruled": { "deny_if": [{ "conditions": [{ "path": "args.a", "op": "eq", "value": 2, "optional": true }] }],
            "require": [{ "conditions": [{ "path": "args.a", "op": "lte", "value": 1, "optional": true }] }] },
          "facts": { "deny_if": [{ "conditions": [{ "path": "context.a", "op": "eq", "value": 2, "optional": true }] }] },
          "shaped": { "arguments": { "properties": { "a": { "maximum": 1 } }, "additionalProperties": false } } } }
        """;

    private const string Refused = "[POLICY DENIED] The answers that the call brings are too large or nested too deep, "
        + "or not one well-formed JSON object with distinct names.";

    private static readonly PolicyLayerKeys Keys =
        new("k", new Dictionary<string, byte[]> { ["k"] = [.. Enumerable.Repeat((byte)1, PolicyLayerKeys.KeyLength)] });

    private readonly InMemoryAuditSink _sink = new();

    public static TheoryData<string> Forms => [.. ArgumentForms.All];

    /// <summary>What can't be read, and the code that it would have as arguments.</summary>
    public static TheoryData<string, DecisionCode> Unreadable => new()
    {
        { "", DecisionCode.ArgumentsMalformed },
        { "[]", DecisionCode.ArgumentsMalformed },
        { "\"yes\"", DecisionCode.ArgumentsMalformed },
        { """{"a":1,"a":1}""", DecisionCode.ArgumentsMalformed },
        { """{"a":{"b":1,"\u0062":1}}""", DecisionCode.ArgumentsMalformed },
        { """{"a":"\ud800"}""", DecisionCode.ArgumentsMalformed },
        { """{"a":1}x""", DecisionCode.ArgumentsMalformed },
        { """{"a":[[[]]]}""", DecisionCode.ArgumentsTooLarge },
        { $$"""{"a":"{{new string('x', 100)}}"}""", DecisionCode.ArgumentsTooLarge },
    };

    private AuditRecord Last => _sink.Records[^1];

    [Theory]
    [InlineData("free")]
    [InlineData("once")]
    [InlineData("ruled")]
    [InlineData("facts")]
    [InlineData("shaped")]
    public async Task No_rule_reads_them(string tool)
    {
        var call = new ToolCall(tool) { Inputs = ToolArguments.FromJson("""{"a":2,"b":3}""") };
        Assert.True((await Authorizer(isRecorded: false).AuthorizeAsync(call)).IsAllowed);
        Assert.Equal(DecisionCode.Allowed, (await Authorizer(isRecorded: false).ExplainAsync(call)).Code);
        Assert.True((await Authorizer(isRecorded: true).AuthorizeAsync(call)).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Equal_ones_have_the_digest_that_arguments_have_however_they_come(string form)
    {
        var arguments = new ToolCall("free", ToolArguments.FromJson("""{ "a": "\u0078", "b": 1.0 }"""));
        await Authorizer(isRecorded: true).AuthorizeAsync(arguments);
        string digest = Last.ArgumentsDigest!;
        Assert.Null(Last.InputsDigest);

        ToolArguments inputs = ArgumentForms.Wrap("""{"b":1,"a":"x"}"""u8.ToArray(), form);
        foreach (string tool in (string[])["free", "blocked", "ruled", "unlisted"])
        {
            await Authorizer(isRecorded: true).AuthorizeAsync(new ToolCall(tool) { Inputs = inputs });
            Assert.Equal((digest, null, null), (Last.InputsDigest, Last.ArgumentsDigest, Last.ArgumentBytes));
            Assert.Empty(Last.ArgumentNames);
        }

        // Beside arguments, of which it changes nothing.
        var both = new ToolCall("free", ArgumentForms.Wrap("{\"b\":2}"u8.ToArray(), form)) { Inputs = inputs };
        await Authorizer(isRecorded: true).AuthorizeAsync(both);
        Assert.Equal((digest, 7), (Last.InputsDigest, Last.ArgumentBytes));
        Assert.Equal(["b"], Last.ArgumentNames);
        Assert.NotEqual(digest, Last.ArgumentsDigest);

        await Authorizer(isRecorded: true).AuthorizeAsync(both with { Inputs = ToolArguments.FromJson("""{"b":1,"a":"y"}""") });
        Assert.NotEqual(digest, Last.InputsDigest);
    }

    [Fact]
    public async Task Without_keys_or_answers_there_is_none()
    {
        var call = new ToolCall("free") { Inputs = ToolArguments.FromJson("{}") };
        await Authorizer(isRecorded: true).AuthorizeAsync(call);
        Assert.NotNull(Last.InputsDigest);
        await Authorizer(isRecorded: true).AuthorizeAsync(call with { Inputs = ToolArguments.None });
        Assert.Null(Last.InputsDigest);
        await Authorizer(isRecorded: true, options => options.Keys = null).AuthorizeAsync(call);
        Assert.Null(Last.InputsDigest);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_denies_whether_or_not_anybody_records(string inputs, DecisionCode code)
    {
        foreach (string tool in (string[])["free", "once", "ruled", "facts", "shaped"])
        {
            var call = new ToolCall(tool, ToolArguments.FromJson("{\"a\":1}")) { Inputs = Encoding.UTF8.GetBytes(inputs) };
            ToolCallDecision plain = await Authorizer(isRecorded: false).AuthorizeAsync(call);
            Assert.Equal((code, "", Refused), (plain.Code, plain.Rule, plain.Message));
            ToolCallDecision silent = await Authorizer(isRecorded: false).AuthorizeAsync(new ToolCall(tool) { Inputs = call.Inputs });
            Assert.Equal(code, silent.Code);
            Assert.Equal(code, (await Authorizer(isRecorded: false).ExplainAsync(call)).Code);

            Assert.Equal(code, (await Authorizer(isRecorded: true).AuthorizeAsync(call)).Code);
            Assert.Equal((code, null), (Last.Code, Last.InputsDigest));
            Assert.NotNull(Last.ArgumentsDigest);
        }
    }

    [Fact]
    public async Task Where_the_arguments_are_refused_they_are_not_read()
    {
        var call = new ToolCall("free", ToolArguments.FromJson("[]")) { Inputs = ToolArguments.FromJson("{\"a\":1}") };
        ToolCallDecision decision = await Authorizer(isRecorded: true).AuthorizeAsync(call);
        Assert.Equal("[POLICY DENIED] The arguments are not one well-formed JSON object with distinct names.", decision.Message);
        Assert.Null(Last.InputsDigest);
    }

    [Fact]
    public async Task Reading_them_is_part_of_the_work_that_a_call_may_take()
    {
        var call = new ToolCall("ruled", ToolArguments.FromJson("{\"a\":1}"));
        long work = 0;
        while (!await IsAllowedAsync(call, ++work))
        {
        }

        ToolCall answered = call with { Inputs = ToolArguments.FromJson("{\"b\":12}") };
        Assert.False(await IsAllowedAsync(answered, work + 7));
        Assert.True(await IsAllowedAsync(answered, work + 8));
    }

    [Fact]
    public async Task A_call_that_goes_on_has_them_recorded_and_is_the_same_whatever_was_answered()
    {
        ToolCallAuthorizer authorizer = Authorizer(isRecorded: true);
        ToolCall call = new ToolCall("once", ToolArguments.FromJson("{\"a\":1}")) { MayContinue = true };
        ToolCallDecision latest = await authorizer.AuthorizeAsync(call);
        Assert.Null(Last.InputsDigest);

        var digests = new HashSet<string?>();
        foreach (string answer in (string[])["yes", "no", "maybe"])
        {
            ToolCall next = call with { Continues = latest.DecisionId, Inputs = ToolArguments.FromJson($$"""{"sure":"{{answer}}"}""") };
            string before = latest.DecisionId;
            latest = await authorizer.AuthorizeAsync(next);
            Assert.Equal((true, before), (latest.Continues, Last.Continues));
            digests.Add(Last.InputsDigest);
        }

        Assert.Equal(3, digests.Count);
        Assert.DoesNotContain(null, digests);

        // What can't be read is denied, and what was charged stays.
        ToolCall unreadable = call with { Continues = latest.DecisionId, Inputs = ToolArguments.FromJson("[]") };
        Assert.Equal(DecisionCode.ArgumentsMalformed, (await authorizer.AuthorizeAsync(unreadable)).Code);
        Assert.Equal((latest.DecisionId, null), (Last.Continues, Last.InputsDigest));
        Assert.True((await authorizer.AuthorizeAsync(call with { Continues = latest.DecisionId })).IsAllowed);

        await authorizer.CompleteAsync(latest, ToolCallOutcome.Succeeded);
        Assert.Equal((AuditRecordKind.Completion, null), (Last.Kind, Last.InputsDigest));
    }

    private async Task<bool> IsAllowedAsync(ToolCall call, long work) =>
        (await Authorizer(isRecorded: false, options => options.MaxWork = work).AuthorizeAsync(call)).IsAllowed;

    private ToolCallAuthorizer Authorizer(bool isRecorded, Action<ToolCallAuthorizerOptions>? configure = null) =>
        TestPolicies.Authorizer(Document, options =>
        {
            (options.Keys, options.MaxArgumentsBytes, options.MaxArgumentsDepth) = (Keys, 100, 3);
            if (isRecorded)
            {
                options.AuditSinks.Add(_sink);
            }

            configure?.Invoke(options);
        });
}
