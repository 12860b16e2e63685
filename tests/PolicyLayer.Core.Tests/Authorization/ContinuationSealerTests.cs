using Microsoft.Extensions.Time.Testing;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What a client brings back is what the host gave it, for the same principal, tool and arguments, a short time ago.</summary>
public sealed class ContinuationSealerTests
{
    private const string Document = """{ "version": "1", "default": "deny", "tools": { "t": { "rate_limit": "1/day" }, "u": {} } }""";

    private static readonly PolicyLayerKeys Keys = KeysOf("k1", 1);

    private static readonly ToolCall Call = new("t", ToolArguments.FromJson("""{"path":"secret-value"}""")) { MayContinue = true };

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");

    [Fact]
    public async Task What_was_sealed_opens_for_the_same_call_and_lets_it_go_on()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document);
        ContinuationSealer sealer = Sealer();
        string text = sealer.Seal(await authorizer.AuthorizeAsync(Call), Call, "alice")!;
        var again = new ToolCall("t", ToolArguments.FromJson("""{ "path" : "secret\u002dvalue" }"""));

        string? continues = sealer.Open(text, again, "alice");

        Assert.True((await authorizer.AuthorizeAsync(again with { Continues = continues })).IsAllowed);
        Assert.Matches("^[A-Za-z0-9_-]+$", text);
    }

    [Fact]
    public async Task It_opens_for_no_other_principal_tool_arguments_or_keys_and_not_later()
    {
        ContinuationSealer sealer = Sealer();
        string text = sealer.Seal(await DecideAsync(), Call, "alice")!;

        Assert.Null(sealer.Open(text, Call, "Alice"));
        Assert.Null(sealer.Open(text, new ToolCall("u", Call.Arguments), "alice"));
        Assert.Null(sealer.Open(text, new ToolCall("t"), "alice"));
        Assert.Null(sealer.Open(text, new ToolCall("t", ToolArguments.FromJson("""{"path":"secret-value","a":1,"a":1}""")), "alice"));
        Assert.Null(new ContinuationSealer(KeysOf("k1", 2), timeProvider: _clock).Open(text, Call, "alice"));
        Assert.Null(new ContinuationSealer(KeysOf("k2", 1), timeProvider: _clock).Open(text, Call, "alice"));
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(sealer.Open(text, Call, "alice"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(sealer.Open(text, Call, "alice"));
    }

    [Fact]
    public async Task The_lengths_of_principal_and_tool_do_not_run_into_each_other()
    {
        ContinuationSealer sealer = Sealer();
        string text = sealer.Seal(await DecideAsync(), Call, "ab")!;

        Assert.Null(sealer.Open(text, new ToolCall("bt", Call.Arguments), "a"));
    }

    [Fact]
    public async Task Surrogates_that_stand_alone_are_told_apart()
    {
        ContinuationSealer sealer = Sealer();
        string text = sealer.Seal(await DecideAsync(), Call, "u\ud800")!;

        Assert.Null(sealer.Open(text, Call, "u\ud801"));
        Assert.Null(sealer.Open(text, Call, "u\ufffd"));
        Assert.NotNull(sealer.Open(text, Call, "u\ud800"));
    }

    [Fact]
    public async Task What_was_changed_anywhere_does_not_open()
    {
        ContinuationSealer sealer = Sealer();
        string text = sealer.Seal(await DecideAsync(), Call, "alice")!;
        for (int i = 0; i < text.Length; i++)
        {
            // Of the last character some bits say nothing, and other values of them are no Base64Url.
            char other = text[i] == 'A' ? 'Q' : 'A';
            string changed = string.Concat(text.AsSpan(0, i), [other], text.AsSpan(i + 1));
            Assert.Null(sealer.Open(changed, Call, "alice"));
            Assert.Null(sealer.Open(text[..i], Call, "alice"));
        }

        Assert.Null(sealer.Open("", Call, "alice"));
        Assert.Null(sealer.Open("not base64 \u20ac", Call, "alice"));
        Assert.Null(sealer.Open("AQ", Call, "alice"));
    }

    [Fact]
    public async Task It_says_nothing_of_values_principals_or_ids_and_no_two_are_alike()
    {
        ContinuationSealer sealer = Sealer();
        ToolCallDecision decision = await DecideAsync();
        string text = sealer.Seal(decision, Call, "alice")!;
        string bytes = System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text));

        Assert.DoesNotContain("secret", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain(decision.DecisionId, bytes, StringComparison.Ordinal);
        Assert.NotEqual(text, sealer.Seal(decision, Call, "alice"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("step 2")]
    [InlineData("\ud800 alone, \u20ac")]
    public async Task What_a_tool_wants_to_find_again_comes_back_as_it_was_and_cannot_be_read(string? state)
    {
        ContinuationSealer sealer = Sealer();
        ToolCallDecision decision = await DecideAsync();
        string text = sealer.Seal(decision, Call, "alice", state)!;

        Assert.Equal(decision.DecisionId, sealer.Open(text, Call, "alice", out string? found));
        Assert.Equal(state, found);
        Assert.DoesNotContain("s\0t\0e\0p", System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text)));
        Assert.Null(sealer.Open(text, Call, "bob", out found));
        Assert.Null(found);
    }

    [Fact]
    public async Task A_call_that_cannot_be_continued_is_not_sealed()
    {
        ContinuationSealer sealer = Sealer();
        ToolCallDecision allowed = await DecideAsync();
        Assert.Null(sealer.Seal(allowed, Call with { MayContinue = false }, "alice"));
        Assert.Null(sealer.Seal(default, Call, "alice"));
    }

    [Fact]
    public async Task What_an_older_key_sealed_opens_while_the_key_is_there()
    {
        string text = Sealer().Seal(await DecideAsync(), Call, "alice")!;
        var rotated = new PolicyLayerKeys("k2", new Dictionary<string, byte[]> { ["k1"] = Bytes(1), ["k2"] = Bytes(2) });

        Assert.NotNull(new ContinuationSealer(rotated, timeProvider: _clock).Open(text, Call, "alice"));
    }

    [Fact]
    public void A_call_that_waits_is_known_again_by_the_same_one_alone_and_not_later()
    {
        ContinuationSealer sealer = Sealer();
        ToolCall call = Of("t", Call.Arguments);
        string text = sealer.SealWaiting(call, "alice")!;

        Assert.Matches("^[A-Za-z0-9_-]+$", text);
        Assert.True(sealer.IsWaiting(text, Of("t", ToolArguments.FromJson("""{ "path" : "secret\u002dvalue" }""")), "alice"));
        Assert.False(sealer.IsWaiting(text, call, "Alice"));
        Assert.False(sealer.IsWaiting(text, Of("u", Call.Arguments), "alice"));
        Assert.False(sealer.IsWaiting(text, Of("t", ToolArguments.None), "alice"));
        Assert.False(sealer.IsWaiting(text, call with { Server = null }, "alice"));
        Assert.False(sealer.IsWaiting(text, call with { Server = "file", SessionId = "ss" }, "alice"));
        Assert.False(sealer.IsWaiting(text, call with { SessionId = null }, "alice"));
        Assert.False(new ContinuationSealer(KeysOf("k1", 2), timeProvider: _clock).IsWaiting(text, call, "alice"));
        Assert.False(sealer.IsWaiting("", call, "alice"));
        Assert.False(sealer.IsWaiting("not base64 \u20ac", call, "alice"));
        Assert.False(sealer.IsWaiting(text[..^2], call, "alice"));
        Assert.Null(sealer.SealWaiting(new ToolCall("t", ToolArguments.FromJson("""{"a":1,"a":1}""")), "alice"));
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.True(sealer.IsWaiting(text, call, "alice"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(sealer.IsWaiting(text, call, "alice"));

        static ToolCall Of(string tool, ToolArguments arguments) => new(tool, arguments) { Server = "files", SessionId = "s" };
    }

    [Fact]
    public async Task What_waits_and_what_goes_on_never_stand_for_each_other()
    {
        ContinuationSealer sealer = Sealer();

        Assert.Null(sealer.Open(sealer.SealWaiting(Call, "alice")!, Call, "alice"));
        Assert.False(sealer.IsWaiting(sealer.Seal(await DecideAsync(), Call, "alice")!, Call, "alice"));
    }

    [Fact]
    public void The_time_is_bounded()
    {
        Assert.Throws<ArgumentOutOfRangeException>("validFor", () => new ContinuationSealer(Keys, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>("validFor", () => new ContinuationSealer(Keys, TimeSpan.FromDays(2)));
        Assert.Throws<ArgumentNullException>("keys", () => new ContinuationSealer(null!));
    }

    private static async Task<ToolCallDecision> DecideAsync() => await TestPolicies.Authorizer(Document).AuthorizeAsync(Call);

    private static byte[] Bytes(byte value) => Enumerable.Repeat(value, PolicyLayerKeys.KeyLength).ToArray();

    private static PolicyLayerKeys KeysOf(string id, byte value) => new(id, new Dictionary<string, byte[]> { [id] = Bytes(value) });

    private ContinuationSealer Sealer() => new(Keys, timeProvider: _clock);
}
