using System.Buffers;
using System.Text.Json;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What hosts may hand in as arguments, context and attributes, at the edges of each form.</summary>
public sealed class ToolArgumentsTests
{
    private static readonly ToolCallAuthorizer Authorizer = TestPolicies.Authorizer("""
        { "version": "1", "default": "deny", "tools": {
          "x": { "require": [ { "conditions": [ { "path": "args.a", "op": "eq", "value": 1 } ] } ] },
          "free": {},
          "team": { "require": [ { "conditions": [ { "path": "grant.team", "op": "exists", "value": true } ] } ] } } }
        """);

    [Fact]
    public async Task Memory_of_any_owner_is_read_where_it_begins_and_ends()
    {
        byte[] text = [.. "{}"u8, .. """{"a":1}"""u8, .. "{}"u8];
        await AssertCode(DecisionCode.Allowed, new ToolCall("x", ToolArguments.FromUtf8(text.AsMemory(2, 7))));
        using var owner = new Owner([.. """{"a":1}"""u8]);
        await AssertCode(DecisionCode.Allowed, new ToolCall("x", ToolArguments.FromUtf8(owner.Memory)));
        await AssertCode(DecisionCode.RequireFailed, new ToolCall("x", ToolArguments.FromUtf8("""{"a":2}"""u8.ToArray())));
    }

    [Fact]
    public async Task Nothing_at_all_is_an_empty_object_and_an_empty_text_is_none()
    {
        await AssertCode(DecisionCode.Allowed, new ToolCall("free"));
        await AssertCode(DecisionCode.RequireFailed, new ToolCall("x"));
        await AssertCode(DecisionCode.RequireFailed, new ToolCall("x", ToolArguments.None));
        await AssertCode(
            DecisionCode.RequireFailed, new ToolCall("x", ToolArguments.FromDictionary((IReadOnlyDictionary<string, JsonElement>?)null)));
        await AssertCode(
            DecisionCode.RequireFailed, new ToolCall("x", ToolArguments.FromDictionary((IReadOnlyDictionary<string, object?>?)null)));
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("free", ReadOnlyMemory<byte>.Empty));
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("free", ToolArguments.FromJson(" \n")));
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("free", ToolArguments.FromJson("\uFEFF{}")));
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("free", ToolArguments.FromJson("{\"a\":\"\ud800\"}")));
    }

    /// <summary>What clients send for none: required arguments are missing then, and nothing is malformed.</summary>
    [Fact]
    public async Task Null_is_an_empty_object_in_every_form()
    {
        ToolArguments[] forms =
        [
            (byte[]?)null, default(JsonElement), JsonDocument.Parse(" null ").RootElement, "null"u8.ToArray(),
            ToolArguments.FromJson(null), ToolArguments.FromJson("\r\n\t null "),
        ];
        foreach (ToolArguments form in forms)
        {
            await AssertCode(DecisionCode.Allowed, new ToolCall("free", form));
            await AssertCode(DecisionCode.RequireFailed, new ToolCall("x", form));
            await AssertCode(DecisionCode.Allowed, new ToolCall("free") { Context = form });
        }
    }

    /// <summary>A lenient parser hides comments and commas from its own readers, not from those of the text.</summary>
    [Theory]
    [InlineData("""{"a":1/*,"a":2*/}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1,"a":1}""")]
    public async Task An_element_is_judged_as_it_is_written(string json)
    {
        var lenient = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using JsonDocument document = JsonDocument.Parse(json, lenient);
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("x", document.RootElement));
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("free", document.RootElement));

        using JsonDocument inner = JsonDocument.Parse($$"""{"b":{{json}}}""", lenient);
        var members = new Dictionary<string, JsonElement> { ["b"] = inner.RootElement.GetProperty("b") };
        await AssertCode(DecisionCode.ArgumentsMalformed, new ToolCall("free", ToolArguments.FromDictionary(members)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nul")]
    [InlineData("")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"a":"\ud800"}""")]
    public async Task Context_is_read_as_strictly(string context) =>
        await AssertCode(DecisionCode.ContextMalformed, new ToolCall("free") { Context = ToolArguments.FromJson(context) });

    [Fact]
    public async Task Context_too_large_or_too_deep_is_malformed()
    {
        string deep = "{\"a\":" + new string('[', 64) + new string(']', 64) + "}";
        string large = "{\"a\":\"" + new string('x', 1024 * 1024) + "\"}";
        await AssertCode(DecisionCode.ContextMalformed, new ToolCall("free") { Context = ToolArguments.FromJson(deep) });
        await AssertCode(DecisionCode.ContextMalformed, new ToolCall("free") { Context = ToolArguments.FromJson(large) });
        await AssertCode(
            DecisionCode.ArgumentsTooLarge, new ToolCall("free", ToolArguments.FromJson(large)) { Context = ToolArguments.FromJson(deep) });
    }

    [Fact]
    public async Task Attributes_of_the_grant_are_facts_as_strict_as_the_context()
    {
        await AssertCode(DecisionCode.Allowed, WithTeam("ops"));
        await AssertCode(DecisionCode.ContextMalformed, WithTeam("\ud800"));

        static ToolCall WithTeam(string team) => new("team") { GrantAttributes = new Dictionary<string, string> { ["team"] = team } };
    }

    [Theory]
    [InlineData(1, 64, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1_001, 1)]
    [InlineData(2, 64, 0)]
    [InlineData(2, 64, 1_048_577)]
    public void An_option_out_of_range_is_the_callers_bug(int bytes, int depth, int openCalls) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPolicies.Authorizer(TestPolicies.Stellify, options =>
        {
            options.MaxArgumentsBytes = bytes;
            options.MaxArgumentsDepth = depth;
            options.MaxOpenCalls = openCalls;
        }));

    private static async Task AssertCode(DecisionCode expected, ToolCall call) =>
        Assert.Equal(expected, (await Authorizer.AuthorizeAsync(call)).Code);

    /// <summary>Memory that is no array, as far as its readers can tell.</summary>
    private sealed class Owner(byte[] bytes) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => bytes;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
