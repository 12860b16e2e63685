using System.Diagnostics;
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

if (sink.Records.Count != 10)
{
    Console.WriteLine($"There are {sink.Records.Count} audit records, 10 expected.");
    failures++;
}

Console.WriteLine($"{failures} failures; first decision {firstDecision.TotalMilliseconds:F0} ms after the process began.");
return failures;

async Task Expect(DecisionCode expected, string tool, string arguments)
{
    ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool, ToolArguments.FromJson(arguments)) { GrantId = "ci" });
    if (decision.Code != expected)
    {
        Console.WriteLine($"{tool} was {decision.Code.ToWireString()}, {expected.ToWireString()} expected.");
        failures++;
    }
}
