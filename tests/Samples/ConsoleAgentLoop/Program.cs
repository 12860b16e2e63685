using PolicyLayer;

Policy policy = Policy.Parse("""
    { "version": "1", "default": "deny",
      "tools": {
        "run_tests": {},
        "deploy": { "after": [{ "tool": "run_tests", "within": "hour" }] },
        "send_mail": { "rate_limit": { "max": 1, "window": "day" } }
      } }
    """);
var authorizer = new ToolCallAuthorizer(policy);

// What a model would ask for, turn by turn, and what the tools would return.
(string Tool, string Arguments, bool IsError)[] turns =
[
    ("deploy", """{ "to": "production" }""", false),
    ("run_tests", "{}", true),
    ("deploy", """{ "to": "production" }""", false),
    ("run_tests", "{}", false),
    ("deploy", """{ "to": "production" }""", false),
    ("send_mail", """{ "to": "team@example.com" }""", false),
    ("send_mail", """{ "to": "everybody@example.com" }""", false),
];
foreach ((string tool, string arguments, bool isError) in turns)
{
    var call = new ToolCall(tool, ToolArguments.FromJson(arguments)) { GrantId = "agent", SessionId = "session-1" };
    ToolCallDecision decision = await authorizer.AuthorizeAsync(call);
    if (!decision.IsAllowed)
    {
        // The model reads why, and may do something else.
        Console.WriteLine($"{tool}: {decision.Message}");
        continue;
    }

    // Run the tool here. Only a success opens what may come after it.
    await authorizer.CompleteAsync(decision, isError ? ToolCallOutcome.Failed : ToolCallOutcome.Succeeded);
    Console.WriteLine($"{tool}: {(isError ? "failed" : "done")}");
}
