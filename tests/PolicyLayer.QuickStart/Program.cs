using PolicyLayer;

Policy policy = Policy.Parse("""
    { "version": "1", "default": "deny",
      "tools": { "run_code": { "rate_limit": { "max": 2, "window": "day" } } } }
    """);
var authorizer = new ToolCallAuthorizer(policy);

foreach (string tool in new[] { "run_code", "run_code", "run_code", "delete_everything" })
{
    ToolArguments arguments = ToolArguments.FromJson("""{ "file": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff" }""");
    ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool, arguments) { GrantId = "ci" });
    Console.WriteLine($"{tool}: {decision.Message ?? "allowed"}");
    if (decision.IsAllowed)
    {
        // Run the tool here, then say what became of it. A call that never ran gets its quota back.
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
    }
}
