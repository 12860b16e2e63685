using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>What an agent can make a decision cost, against parsing the same bytes. All of it is linear in the arguments.</summary>
[MemoryDiagnoser]
public class HostileBenchmarks
{
    private readonly ToolCallAuthorizer _authorizer = BenchmarkPolicies.Authorizer("""
        { "deny_if": [
          { "conditions": [{ "path": "args.text", "op": "regex", "value": "[ab](a+)+$" }] },
          { "conditions": [{ "path": "args.states", "op": "regex", "value": "a.{999}[bd]" }] },
          { "conditions": [{ "path": "args.paths", "op": "regex", "value": "^(?:/[^ ]{0,60}){1,15}\\.sh$" }] },
          { "conditions": [{ "path": "args.words", "op": "regex", "value": "[a-z](?:[a-z]{0,30}x){0,33}[yw]" }] },
          { "conditions": [{ "path": "args.commas", "op": "regex", "value": "^(?:.{1,50},){1,20}end$" }] },
          { "conditions": [{ "path": "args.host", "op": "regex", "value": "^(?:[\\w.-]{1,63}\\.){1,15}[a-z]{2,10}$" }] },
          { "conditions": [{ "path": "args.listed[*]", "op": "in", "value": [NUMBERS] }] },
          RULES
          { "conditions": [{ "path": "args.list[*].name", "op": "eq", "value": "root" }] },
          { "conditions": [{ "path": "args.list", "op": "contains", "value": { "name": "root" } }] }] }
        """.Replace("NUMBERS", string.Join(',', Enumerable.Range(1_000, 1_000)), StringComparison.Ordinal)
        .Replace("RULES", string.Concat(Enumerable.Range(1_000, 200).Select(Rule)), StringComparison.Ordinal));

    private readonly string _name = BenchmarkPolicies.ToolName(0);
    private byte[] _arguments = [];

    public enum Hostility
    {
        DeepNesting,
        Names20K,
        EscapedNames20K,
        Elements10K,
        Text1MiB,
        NearMissOfRegex100K,
        HugeNumber1MiB,
        StatesOfRegex1MiB,
        PathsOfRegex1MiB,
        LoopsOfRegex1MiB,
        CommasOfRegex1MiB,
        HostOfRegex1MiB,
        RulesOverElements340K,
        InOfNumbers500K,
    }

    [ParamsAllValues]
    public Hostility Case { get; set; }

    [GlobalSetup]
    public void Setup() => _arguments = Encoding.UTF8.GetBytes(Case switch
    {
        Hostility.DeepNesting => $$"""{"list":{{new string('[', 62)}}{{new string(']', 62)}}}""",
        Hostility.Names20K => Object(20_000, i => $"\"name{i}\":0"),
        Hostility.EscapedNames20K => Object(20_000, i => $"\"\\u006eame{i}\":0"),
        Hostility.Elements10K => $$"""{"list":[{{string.Join(',', Enumerable.Repeat("{\"name\":\"user\"}", 10_000))}}]}""",
        Hostility.Text1MiB => $$"""{"other":"{{new string('x', 1_000_000)}}"}""",
        Hostility.NearMissOfRegex100K => $$"""{"text":"{{new string('a', 100_000)}}!"}""",
        Hostility.StatesOfRegex1MiB => $$"""{"states":"{{Random("ac", 1_000_000)}}"}""",
        Hostility.PathsOfRegex1MiB => $$"""{"paths":"/{{Random("ab/", 1_000_000)}}.sh"}""",
        Hostility.LoopsOfRegex1MiB => $$"""{"words":"{{Random("abx", 1_000_000)}}"}""",
        Hostility.CommasOfRegex1MiB => $$"""{"commas":"{{new string(',', 1_000_000)}}end"}""",
        Hostility.HostOfRegex1MiB => $$"""{"host":"{{string.Concat(Enumerable.Repeat("a.", 500_000))}}com"}""",
        Hostility.RulesOverElements340K => $$"""{"many":[{{string.Join(',', Enumerable.Repeat(1, 340_000))}}]}""",
        Hostility.InOfNumbers500K => $$"""{"listed":[{{string.Join(',', Enumerable.Repeat(1, 500_000))}}]}""",
        _ => $$"""{"other":{{new string('9', 1_000_000)}}}""",
    });

    [Benchmark(Baseline = true)]
    public bool JsonDocumentParse()
    {
        using JsonDocument document = JsonDocument.Parse(_arguments);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    [Benchmark]
    public DecisionCode Judge() => _authorizer.AuthorizeAsync(new ToolCall(_name, _arguments) { GrantId = "ci" }).Result.Code;

    private static string Rule(int value) =>
        $$"""{ "conditions": [{ "path": "args.many[*]", "op": "eq", "value": {{value}} }] },""";

    private static string Random(string alphabet, int length) => string.Create(length, alphabet, (text, letters) =>
    {
        var random = new Random(1);
        foreach (ref char letter in text)
        {
            letter = letters[random.Next(letters.Length)];
        }
    });

    private static string Object(int members, Func<int, string> member) =>
        "{" + string.Join(',', Enumerable.Range(0, members).Select(member)) + "}";
}
