using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Tests.Behaviour;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Robustness;

/// <summary>Damaged documents and arguments: never a crash, never a policy beside an error, never neither.</summary>
public sealed class DamageTests
{
    private static readonly string[] Junk =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "//", "/**/", "\\u0000", "\\ud800", "\u0000", "1e999999999", "-", "\"default\":",
        "\"*\"", "\"version\":\"1\",", "NaN", "\uFEFF", "'", "(?=", "[*]", "é", "\uD83D\uDE00",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    private static readonly byte[][] Documents = [.. BehaviourCase.All.Values.Select(c => c.Policy).Where(p => p.Length < 2_000)];

    [Fact]
    public void A_damaged_document_gives_a_policy_or_an_error_and_never_both() => Hold(5_000, seed =>
    {
        var random = new Random(seed);
        byte[] document = Damaged(random.Percent(50) ? random.One(Documents) : GeneratedCases.FromSeed(seed, 0).Document, random);
        PolicyLoadResult loaded = Policy.Load(document);
        Check(loaded, document);
        Assert.True(!loaded.IsValid || StrictJson.Accepts(document), "Loaded, though no JSON: " + Convert.ToHexString(document));
    });

    [Fact]
    public void Damaged_arguments_are_judged_or_denied_but_never_break_the_authorizer()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "allow", "all_tools": {
                "deny_if": [ { "conditions": [
                    { "path": "args.items[*].a[0]", "op": "eq", "value": "never" },
                    { "path": "args.never", "op": "exists", "value": true } ] } ] } }
            """);
        Hold(10_000, seed =>
        {
            var random = new Random(seed);
            byte[] arguments = Damaged(Encoding.UTF8.GetBytes(GeneratedCases.FromSeed(seed, 1).Calls[0].ArgumentsText), random);
            var call = new ToolCall("t", ToolArguments.FromUtf8(arguments));
            DecisionCode code = authorizer.AuthorizeAsync(call).AsTask().GetAwaiter().GetResult().Code;
            string text = Encoding.UTF8.GetString(arguments).Trim();
            bool isJudged = StrictJson.Accepts(arguments) && !arguments.AsSpan().StartsWith("\uFEFF"u8)
                && (text.StartsWith('{') || text == "null");
            Assert.True(isJudged == (code == DecisionCode.Allowed), $"{code} for {Convert.ToHexString(arguments)}");
        });
    }

    [Fact]
    public void Findings_come_in_order_of_position_and_are_at_most_a_hundred() => Hold(200, seed =>
    {
        var random = new Random(seed);
        var members = new List<string> { "\"version\":\"1\"", "\"default\":\"deny\"" };
        IEnumerable<string> tools = Enumerable.Range(0, random.Next(300)).Select(i => random.Next(3) switch
        {
            0 => $"\"t{i}\":{{\"limit\":1}}",
            1 => $"\"t{i}\":{{\"reason\":\"x\"}}",
            _ => $"\"t{i}\":{{\"limits\":[{{\"counter\":\"c\",\"window\":\"minute\",\"max\":0}}]}}",
        });
        members.Add("\"tools\":{" + string.Join(random.One([",", ",\n", ",\r\n  "]), tools) + "}");
        byte[] document = Encoding.UTF8.GetBytes("{" + string.Join(",\n", members) + "}");
        Check(Policy.Load(document), document);
    });

    [Fact]
    public void Errors_are_kept_before_warnings()
    {
        string warnings = string.Concat(Enumerable.Range(0, 150).Select(i => $"\"w{i}\":{{\"reason\":\"x\"}},\n"));
        string errors = string.Join(",\n", Enumerable.Range(0, 60).Select(i => $"\"e{i}\":{{\"limit\":1}}"));
        PolicyLoadResult loaded = TestPolicies.Load($$"""{ "version": "1", "default": "deny", "tools": { {{warnings}}{{errors}} } }""");
        Assert.Equal(100, loaded.Diagnostics.Count);
        Assert.Equal(60, loaded.Diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error));
        Assert.Equal(Enumerable.Range(0, 39).Select(i => $"/tools/w{i}/reason"), loaded.Diagnostics.Take(39).Select(d => d.Pointer));
        Assert.Equal(
            Enumerable.Range(0, 60).Select(i => $"/tools/e{i}/limit"), loaded.Diagnostics.Skip(39).Take(60).Select(d => d.Pointer));
        Assert.Equal("PL2021", loaded.Diagnostics[^1].Id);
    }

    [Fact]
    public void More_than_a_hundred_errors_leave_no_room_for_warnings()
    {
        string tools = string.Join(",\n", Enumerable.Range(0, 120).Select(i => $"\"t{i}\":{{\"reason\":\"x\",\"limit\":1}}"));
        PolicyLoadResult loaded = TestPolicies.Load($$"""{ "version": "1", "default": "deny", "tools": { {{tools}} } }""");
        Assert.Equal(Enumerable.Range(0, 99).Select(i => $"/tools/t{i}/limit"), loaded.Diagnostics.Take(99).Select(d => d.Pointer));
        Assert.Equal("PL2021", loaded.Diagnostics[^1].Id);
    }

    private static void Check(PolicyLoadResult loaded, byte[] document)
    {
        string text = Convert.ToHexString(document);
        Assert.True(loaded.IsValid != loaded.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error), text);
        Assert.True(loaded.Diagnostics.Count <= 100, text);
        Assert.True(
            loaded.Diagnostics.SequenceEqual(loaded.Diagnostics.OrderBy(d => d.Line).ThenBy(d => d.Column)),
            string.Join('\n', loaded.Diagnostics));
        Assert.All(
            loaded.Diagnostics, d => Assert.False(d.Message.Contains('\n', StringComparison.Ordinal) || d.ToString().Length == 0, text));
    }

    private static byte[] Damaged(byte[] document, Random random)
    {
        byte[] damaged = document;
        for (int i = 1 + random.Next(3); i > 0; i--)
        {
            damaged = DamagedOnce(damaged, random);
        }

        return damaged;
    }

    private static byte[] DamagedOnce(byte[] document, Random random)
    {
        int start = random.Next(document.Length + 1);
        int end = random.Next(start, Math.Min(document.Length, start + 60) + 1);
        byte[] junk = Encoding.UTF8.GetBytes(random.One(Junk));
        switch (random.Next(6))
        {
            case 0 when start < document.Length:
                byte[] flipped = [.. document];
                flipped[start] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return [.. document[..start], .. document[end..]];
            case 2:
                return [.. document[..end], .. document[start..]];
            case 3:
                return [.. document[..start], .. junk, .. document[start..]];
            case 4:
                return random.Percent(80)
                    ? [.. document[..start], (byte)'[', .. document[start..end], (byte)']', .. document[end..]]
                    : document[..start];
            default:
                return [.. document[..start], (byte)random.Next(256), .. document[end..]];
        }
    }

    private static void Hold(int count, Action<int> property) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? count * 10 : count));
}
