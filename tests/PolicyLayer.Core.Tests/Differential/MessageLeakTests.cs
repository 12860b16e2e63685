using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyLayer.Auditing;
using PolicyLayer.Telemetry;

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
            var faults = new List<string>();
            var sink = new InMemoryAuditSink();
            var options = new ToolCallAuthorizerOptions { TimeProvider = new SettableClock(), FaultListener = new Listener(faults) };
            options.AuditSinks.Add(sink);
            var authorizer = new ToolCallAuthorizer(Policy.Parse(generated.Document), options);
            int number = 0;
            foreach (GeneratedCall call in generated.Calls)
            {
                GeneratedCall marked = call with { ArgumentsText = Marked(call.ArgumentsText, number++) };
                ToolCallDecision decision = TestPolicies.Now(authorizer.AuthorizeAsync(marked.ToToolCall()));
                _denials += decision.IsAllowed ? 0 : 1;
                string said = $"{decision.Message} {decision.Rule} {string.Join(' ', faults)} {sink.Records[^1]}";
                if (said.Contains(Mark, StringComparison.OrdinalIgnoreCase)
                    || said.Contains("4711471147", StringComparison.Ordinal)
                    || decision.Message?.Length > MaxMessage)
                {
                    throw new InvalidOperationException(said);
                }
            }

            return true;
        });
        Assert.True(_denials > 1_000, "Calls that pass say nothing.");
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
