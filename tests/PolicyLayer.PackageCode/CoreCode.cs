using PolicyLayer;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Core shows.</summary>
internal static class CoreCode
{
    public static async Task<string?> RunAsync()
    {
        Policy policy = Policy.Parse("""
            { "version": "1", "default": "deny",
              "tools": { "run_code": { "rate_limit": "10/minute" } } }
            """);
        var authorizer = new ToolCallAuthorizer(policy);

        ToolArguments arguments = ToolArguments.FromJson("""{ "file": "a.py" }""");
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("run_code", arguments) { GrantId = "ci" });
        if (!decision.IsAllowed)
        {
            return decision.Message;
        }

        // Run the tool here, then say what became of it. A call that never ran gets its quota back.
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
        return null;
    }
}
