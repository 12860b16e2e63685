namespace PolicyLayer.Tests.Model;

/// <summary>Two policies that judge the same tools otherwise, and what a naive reader takes from them.</summary>
internal static class ModelPolicies
{
    public const int MinuteMs = 60_000;

    public static readonly string[] Names = ["a", "b"];

    public static readonly string[] Tools = ["free", "limited", "of_session", "asked", "asked_and_limited", "by_fact", "unknown"];

    /// <summary>Documents whose rules the model has in its own words.</summary>
    public static Policy Load(string name)
    {
        int max = MaxOf(name);
        return Policy.Parse($$"""
            { "version": "1", "name": "{{name}}", "default": "deny", "tools": {
              "free": {},
              "limited": { "limits": [{ "counter": "c", "window": "minute", "max": {{max}} }] },
              "of_session": { "limits": [{ "counter": "s", "window": "minute", "max": {{max}}, "scope": "session" }] },
              "asked": { "action": "require_approval" },
              "asked_and_limited": { "action": "require_approval", "limits": [{ "counter": "d", "window": "minute", "max": {{max}} }] },
              "by_fact": { "approve_if": [{ "conditions": [{ "path": "context.env", "op": "eq", "value": "{{name}}" }] }] } } }
            """);
    }

    public static int MaxOf(string name) => name == "a" ? 2 : 4;

    /// <summary>The counter that a tool's calls are counted on, or null.</summary>
    public static string? CounterOf(string tool) => tool switch
    {
        "limited" => "c",
        "of_session" => "s",
        "asked_and_limited" => "d",
        _ => null,
    };

    public static bool Asks(string policy, string tool, string env) =>
        tool is "asked" or "asked_and_limited" || (tool == "by_fact" && env == policy);
}
