using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Behaviour;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Robustness;

/// <summary>Damaged documents and arguments: never a crash, never a policy beside an error, never neither.</summary>
public sealed class DamageTests
{
    private const string Grants =
        """
        { "grants": [
          { "id": "ci", "label": "Build server", "policy": "shop", "attributes": { "team": "build", "region": "eu" },
            "token_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
          { "id": "bot", "policy": "support", "expires": "2027-01-31T18:00:00.25+01:00", "revoked": false },
          { "id": "CI", "attributes": {}, "token_sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752" } ] }
        """;

    private static readonly byte[][] Documents = [.. BehaviourCase.All.Values.Select(c => c.Policy).Where(p => p.Length < 2_000)];

    [Fact]
    public void A_damaged_document_gives_a_policy_or_an_error_and_never_both() => Hold(5_000, seed =>
    {
        var random = new Random(seed);
        byte[] document = Damage.Of(random.Percent(50) ? random.One(Documents) : GeneratedCases.FromSeed(seed, 0).Document, random);
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
            byte[] arguments = Damage.Of(Encoding.UTF8.GetBytes(GeneratedCases.FromSeed(seed, 1).Calls[0].ArgumentsText), random);
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

    [Fact]
    public void A_damaged_file_of_grants_gives_grants_or_an_error_and_never_both() => Hold(5_000, seed =>
    {
        var random = new Random(seed);
        byte[] document = Damage.Of(Encoding.UTF8.GetBytes(Grants), random);
        GrantLoadResult loaded = GrantDocument.Load(document, new GrantLoadOptions { PolicyNames = ["shop", "support"] });
        Check(loaded.IsValid, loaded.Diagnostics, document);
        Assert.True(!loaded.IsValid || StrictJson.Accepts(document), "Loaded, though no JSON: " + Convert.ToHexString(document));
        if (loaded.IsValid)
        {
            _ = new GrantDirectory(loaded.Grants);
        }
    });

    private static void Check(PolicyLoadResult loaded, byte[] document) => Check(loaded.IsValid, loaded.Diagnostics, document);

    private static void Check(bool isValid, IReadOnlyList<PolicyDiagnostic> findings, byte[] document)
    {
        string text = Convert.ToHexString(document);
        Assert.True(isValid != findings.Any(d => d.Severity == DiagnosticSeverity.Error), text);
        Assert.True(findings.Count <= 100, text);
        Assert.True(findings.SequenceEqual(findings.OrderBy(d => d.Line).ThenBy(d => d.Column)), string.Join('\n', findings));
        Assert.All(findings, d => Assert.False(d.Message.Contains('\n', StringComparison.Ordinal) || d.ToString().Length == 0, text));
    }

    private static void Hold(int count, Action<int> property) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? count * 10 : count));
}
