using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Auditing;
using PolicyLayer.Text;

namespace PolicyLayer.Tests.Auditing;

/// <summary>No name makes a record grow, and no two names become one.</summary>
public sealed class RecordedNameTests
{
    private const string Open = """{ "version": "1", "default": "allow", "hide": ["hid*"], "tools": { "t": {}, "p*": {} } }""";

    private static readonly string[] Halves = ["\ud800", "a\udc00b", "\udc00\ud800", "t\ud83d", "😀\ude00", "p\ud800", "hid\udfff"];

    [Fact]
    public void A_name_up_to_256_units_stays_as_it_is()
    {
        Assert.Equal("", RecordedName.Of(""));
        Assert.Equal("a\n\0é😀", RecordedName.Of("a\n\0é😀"));
        string longest = new string('a', 254) + "😀";
        Assert.Same(longest, RecordedName.Of(longest));
    }

    [Fact]
    public void A_longer_one_is_cut_and_has_its_hash()
    {
        string name = new('b', 257);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(name)));
        Assert.Equal($"{new string('b', 256)}…sha256:{hash}", RecordedName.Of(name));
        string paired = new string('b', 255) + "😀";
        Assert.StartsWith(new string('b', 255) + "…sha256:", RecordedName.Of(paired), StringComparison.Ordinal);
    }

    [Fact]
    public void Different_names_stay_different()
    {
        string[] names =
        [
            "\ud800", "\ud801", "\udc00", "\ufffd", "a\ud800", "\ud800a",
            new('c', 256), new('c', 257), new('c', 258), new string('c', 256) + "d",
            new string('c', 255) + "\ud83d", new string('c', 255) + "😀",
            RecordedName.Of("\ud800"), RecordedName.Of(new('c', 257)),
        ];
        Assert.Equal(names.Length - 2, names[..^2].Select(RecordedName.Of).Distinct().Count());
        Assert.All(names, name => Assert.True(RecordedName.Of(name).Length <= 256 + 8 + 64 && Utf16.IsWellFormed(RecordedName.Of(name))));

        // A longer name never looks like a shorter one, not even like the short form of another.
        Assert.NotEqual(RecordedName.Of(new('c', 257)), RecordedName.Of(RecordedName.Of(new('c', 257))));
    }

    [Fact]
    public async Task A_tool_grant_or_session_of_megabytes_makes_no_long_line()
    {
        using var folder = new LogFolder();
        await using var sink = new JsonLinesAuditSink(folder.Log);
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Open, options => options.AuditSinks.Add(sink));
        string huge = new('x', 2_000_000);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(huge) { GrantId = huge, SessionId = huge });
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
        Assert.Equal(huge, decision.ToolName);
        await sink.DisposeAsync();
        Assert.All(folder.Lines(), line => Assert.InRange(line.Length, 900, 2_000));
    }

    // No theory: a test runner's own texts have no halves.
    [Fact]
    public async Task Half_a_surrogate_pair_is_malformed_wherever_a_name_has_it()
    {
        foreach (string name in Halves)
        {
            await AssertMalformed(name);
        }
    }

    [Fact]
    public async Task Whole_pairs_are_names_like_others()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Open);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("p😀") { GrantId = "😀", SessionId = "a😀b😀" })).IsAllowed);
    }

    [Fact]
    public void What_is_well_formed_is_what_strict_UTF_8_can_write()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        char[] units = ['\0', 'a', '\ud7ff', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000', '\uffff'];
        var random = new Random(4_711);
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => units[random.Next(units.Length)])]);
            Assert.Equal(IsWritable(text), Utf16.IsWellFormed(text));
        }

        bool IsWritable(string text)
        {
            try
            {
                return strict.GetByteCount(text) >= 0;
            }
            catch (EncoderFallbackException)
            {
                return false;
            }
        }
    }

    private static async Task AssertMalformed(string name)
    {
        var sink = new InMemoryAuditSink();
        ToolCallAuthorizer[] authorizers =
        [
            TestPolicies.Authorizer(Open),
            TestPolicies.Authorizer(Open, options => options.AuditSinks.Add(sink)),
            TestPolicies.Authorizer("""{ "version": "1", "default": "deny", "tools": { "t": { "rate_limit": "1/day" } } }"""),
        ];
        foreach (ToolCallAuthorizer authorizer in authorizers)
        {
            ToolArguments dictionary = ToolArguments.FromDictionary(new Dictionary<string, object?>());
            foreach (ToolArguments arguments in (ToolArguments[])[default, ToolArguments.FromJson("{}"), dictionary])
            {
                foreach (ToolCall call in (ToolCall[])
                [
                    new(name, arguments), new("t", arguments) { GrantId = name }, new("t", arguments) { SessionId = name },
                    new("p1", arguments) { SessionId = name }, new("hidden", arguments) { GrantId = name },
                ])
                {
                    ToolCallDecision decision = await authorizer.AuthorizeAsync(call);
                    Assert.Equal((DecisionCode.ArgumentsMalformed, ""), (decision.Code, decision.Rule));
                }
            }
        }

        Assert.Equal(15, sink.Records.Count);
        Assert.All(sink.Records, record => Assert.True(Utf16.IsWellFormed(record.Tool + record.GrantId + record.SessionId)));
    }
}
