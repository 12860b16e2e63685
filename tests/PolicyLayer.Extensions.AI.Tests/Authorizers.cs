using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.AI;

internal static class Authorizers
{
    /// <summary>An authorizer of a policy that denies by default.</summary>
    /// <param name="tools">The policy's <c>tools</c>.</param>
    /// <param name="sink">Records; null for none.</param>
    /// <param name="hide">The policy's <c>hide</c>.</param>
    public static ToolCallAuthorizer Of(string tools, InMemoryAuditSink? sink = null, string hide = "[]")
    {
        var options = new ToolCallAuthorizerOptions { DefaultGrantId = "default" };
        if (sink is not null)
        {
            options.AuditSinks.Add(sink);
        }

        return new ToolCallAuthorizer(
            Policy.Parse($$"""{ "version": "1", "default": "deny", "hide": {{hide}}, "tools": {{tools}} }"""), options);
    }
}
