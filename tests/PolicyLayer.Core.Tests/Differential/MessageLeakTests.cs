using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Auditing;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Differential;

/// <summary>Whatever policy judges whatever call: what an agent wrote into its arguments comes back in no words.</summary>
public sealed class MessageLeakTests
{
    /// <summary>In no policy that is generated.</summary>
    private const string Mark = "zqxj";

    /// <summary>More than any maximum that is generated, so that no counter, which may be told, ever holds it.</summary>
    private const string Number = "4711471147.25";

    private const int MaxMessage = 4_096;

    private static int _denials;

    [Fact]
    public void No_message_rule_record_or_fault_holds_what_is_marked()
    {
        _denials = 0;
        GeneratedCases.Hold(GeneratedCases.Of(50), 300, static generated =>
        {
            Judge(generated.Document, generated.Calls.Select((call, number) =>
                (call with { ArgumentsText = Marked(call.ArgumentsText, number) }).ToToolCall()));
            return true;
        });
        Assert.True(_denials > 1_000, "Calls that pass say nothing.");
    }

    [Fact]
    public void No_failure_of_a_schema_holds_what_is_marked()
    {
        _denials = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var generator = new SchemaGenerator(random);
            Json schema = Json.Object(
                ("properties", Json.Object(("a", generator.Schema(3)), ("b", generator.Schema(2)))),
                ("required", Json.Array(random.Several(2, () => Json.String(random.One(["a", "b", "k"]))).DistinctBy(name => name.Text))),
                (random.One(["additionalProperties", "unevaluatedProperties"]), random.One([Json.Boolean(false), generator.Schema(2)])));
            Judge(
                Encoding.UTF8.GetBytes("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"t\":{\"arguments\":" + schema + "}}}"),
                Enumerable.Range(0, 30).Select(number => ToolCallOf(Marked(
                    Json.Object(random.Several(3, () => (random.One(["a", "b", "A", "k", "K"]), generator.Value(3)))
                        .DistinctBy(member => member.Item1)).ToString(),
                    number))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? 30_000 : 300));
        Assert.True(_denials > 1_000, "Calls that pass say nothing.");
    }

    private static ToolCall ToolCallOf(string arguments) => new("t", Encoding.UTF8.GetBytes(arguments)) { GrantId = "g" };

    private static void Judge(byte[] document, IEnumerable<ToolCall> calls)
    {
        var faults = new List<string>();
        var sink = new InMemoryAuditSink();
        var options = new ToolCallAuthorizerOptions { TimeProvider = new SettableClock(), FaultListener = new Listener(faults) };
        options.AuditSinks.Add(sink);
        var authorizer = new ToolCallAuthorizer(Policy.Parse(document), options);
        foreach (ToolCall call in calls)
        {
            string explanation = Explanations.TextOf(TestPolicies.Now(authorizer.ExplainAsync(call)));
            ToolCallDecision decision = TestPolicies.Now(authorizer.AuthorizeAsync(call));
            _denials += decision.IsAllowed ? 0 : 1;
            string said = $"{decision.Message} {decision.Rule} {string.Join(' ', faults)} {sink.Records[^1]} {explanation}";
            if (said.Contains(Mark, StringComparison.OrdinalIgnoreCase)
                || said.Contains("4711471147", StringComparison.Ordinal)
                || decision.Message?.Length > MaxMessage)
            {
                throw new InvalidOperationException(said);
            }
        }
    }

    /// <summary>
    /// The arguments with every string marked, and an object's name here and there; in every second call every number is another one.
    /// </summary>
    private static string Marked(string arguments, int number)
    {
        try
        {
            return WithMarks(JsonNode.Parse(arguments), number)?.ToJsonString() ?? "null";
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // Malformed, with a name twice, or no Unicode text.
            return arguments.Replace("\"", "\"" + Mark, StringComparison.Ordinal);
        }
    }

    private static JsonNode? WithMarks(JsonNode? node, int number) => node switch
    {
        JsonObject value => new JsonObject(value.Select(member => new KeyValuePair<string, JsonNode?>(
            number % 7 == 3 ? member.Key + Mark : member.Key, WithMarks(member.Value, number)))
            .Concat(number % 5 == 1 ? [new(Mark, Mark)] : [])),
        JsonArray list => new JsonArray([.. list.Select(element => WithMarks(element, number))]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>() + Mark,
        JsonValue count when count.GetValueKind() == JsonValueKind.Number && number % 2 == 0 => JsonNode.Parse(Number),
        _ => node?.DeepClone(),
    };

    private sealed class Listener(List<string> faults) : IFaultListener
    {
        public void OnFault(Fault fault) => faults.Add(fault.ToString() ?? "");
    }
}
