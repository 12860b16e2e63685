using System.Collections;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PolicyLayer;
using PolicyLayer.Auditing;

// Every part of the engine that might need code made at run time: regexes, schemas, frozen tables, counters, audit records.
const string Document = """
    {
      "version": "1", "default": "deny", "hide": ["secret_*"],
      "all_tools": { "limits": [{ "counter": "all", "window": "day", "max": 1000, "algorithm": "sliding" }] },
      "tools": {
        "run_code": {
          "risk": "execute",
          "arguments": {
            "type": "object", "required": ["file"], "additionalProperties": false,
            "properties": { "file": { "type": "string", "format": "uuid" }, "amount": { "multipleOf": 0.01 } }
          },
          "limits": [{ "counter": "spent", "window": "day", "max": 100.5, "increment_from": "args.amount" }]
        },
        "shell": {
          "require": [{ "conditions": [{ "path": "args.command", "op": "regex", "value": "^(?i:ls|cat)\\b" }] }],
          "deny_if": [{ "conditions": [{ "path": "args.flags[*]", "op": "in", "value": ["-rf", "--force"] }] }]
        }
      }
    }
    """;

var failures = 0;
var expected = 0;
var sink = new InMemoryAuditSink();
var authorizer = new ToolCallAuthorizer(Policy.Parse(Document), new ToolCallAuthorizerOptions { AuditSinks = { sink } });

const string File = "\"file\": \"6f9619ff-8b86-4d01-b42d-00cf4fc964ff\"";
await Expect(DecisionCode.Allowed, "run_code", $$"""{ {{File}}, "amount": 100.49 }""");
TimeSpan firstDecision = DateTime.Now - Process.GetCurrentProcess().StartTime;
await Expect(DecisionCode.LimitExceeded, "run_code", $$"""{ {{File}}, "amount": 0.02 }""");
await Expect(DecisionCode.ArgumentsInvalid, "run_code", $$"""{ {{File}}, "amount": 0.001 }""");
await Expect(DecisionCode.ArgumentsInvalid, "run_code", """{ "file": "not-a-uuid" }""");
await Expect(DecisionCode.ArgumentsMalformed, "run_code", """{ "file": 1, "file": 2 }""");
await Expect(DecisionCode.Allowed, "shell", """{ "command": "LS -l", "flags": ["-l"] }""");
await Expect(DecisionCode.RequireFailed, "shell", """{ "command": "rm" }""");
await Expect(DecisionCode.DenyIfMatched, "shell", """{ "command": "ls", "flags": ["-l", "-rf"] }""");
await Expect(DecisionCode.Hidden, "secret_door", "{}");
await Expect(DecisionCode.NotListed, "other", "{}");

// Types of a host are looked at by reflection.
string[] harmless = ["-l"];
string[] harmful = ["-rf"];
await ExpectOf(DecisionCode.Allowed, new List<string> { "-l" }, harmless, Enumerable.Repeat("-l", 2), new Own(), new JsonArray("-l"));
await ExpectOf(DecisionCode.DenyIfMatched, new List<string> { "-rf" }, new Stack<object>(harmful), harmful.Where(flag => flag != ""));
await ExpectOf(
    DecisionCode.DenyIfMatched, new[] { DayOfWeek.Friday }, new Dictionary<string, int[]> { ["a"] = [1] }, new List<Half?> { null });
await ExpectOf(
    DecisionCode.ArgumentsMalformed, new[] { Named.Delete }, Named.Delete, new Converted { "-l" }, new IComparable[] { "-l" },
    new int[1, 1]);

if (sink.Records.Count != expected)
{
    Console.WriteLine($"There are {sink.Records.Count} audit records, {expected} expected.");
    failures++;
}

Console.WriteLine($"{failures} failures; first decision {firstDecision.TotalMilliseconds:F0} ms after the process began.");
return failures;

Task Expect(DecisionCode code, string tool, string arguments) => Judge(code, tool, ToolArguments.FromJson(arguments), arguments);

async Task ExpectOf(DecisionCode code, params object[] values)
{
    foreach (object flags in values)
    {
        var arguments = new Dictionary<string, object?> { ["command"] = "ls", ["flags"] = flags };
        await Judge(code, "shell", ToolArguments.FromDictionary(arguments), flags);
    }
}

async Task Judge(DecisionCode code, string tool, ToolArguments arguments, object name)
{
    expected++;
    ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool, arguments) { GrantId = "ci" });
    if (decision.Code != code)
    {
        Console.WriteLine($"{tool} with {name} was {decision.Code.ToWireString()}, {code.ToWireString()} expected.");
        failures++;
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<Named>))]
internal enum Named
{
    Delete,
}

[JsonNumberHandling(JsonNumberHandling.WriteAsString)]
internal sealed class Converted : List<string>;

internal sealed class Own : IEnumerable<string>
{
    public IEnumerator<string> GetEnumerator() => Enumerable.Repeat("-l", 1).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
