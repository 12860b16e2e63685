using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Cli.Explanations;

/// <summary>Runs of <c>check --explain</c> on a policy that is written down for them.</summary>
internal static class ExplainedRun
{
    /// <summary>Rules of all kinds, a schema, a sum and what a person has to approve.</summary>
    public const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret_*"],
          "all_tools": { "deny_if": [{ "conditions": [{ "path": "args.dry", "op": "eq", "value": "x" }] }] },
          "tools": {
            "pay": {
              "arguments": { "type": "object", "required": ["amount"], "properties": { "amount": { "type": "number" } } },
              "require": [{
                "conditions": [{ "path": "args.amount", "op": "lte", "value": 100 }, { "path": "args.to", "op": "exists", "value": true }],
                "any": [
                  [{ "path": "args.currency", "op": "eq", "value": "EUR" }],
                  [{ "path": "args.note", "op": "regex", "value": "^ok$" }] ],
                "on_deny": "Pay less." }],
              "limits": [{ "counter": "paid", "window": "day", "max": 250.5, "increment_from": "args.amount" }] },
            "deploy": {
              "action": "require_approval",
              "after": [{ "tool": "build", "within": "hour", "scope": "grant" }],
              "approve_if": [{ "conditions": [{ "path": "args.to", "op": "eq", "value": "prod" }] }],
              "approval": { "same": ["args.to"], "uses": 3, "for": "hour" } },
            "ask": { "action": "require_approval" }, "build": {}, "never": { "action": "deny" }, "twice": { "rate_limit": "2/hour" } } }
        """;

    public static Task<Command> OfAsync(params string[] args) => OfAsync(new Command.Setup(), Policy, args);

    public static async Task<Command> OfAsync(Command.Setup setup, string policy, params string[] args)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, policy);
            return await Command.RunAsync(setup, ["check", file, "--explain", .. args]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Judges lines of calls, in JSON.</summary>
    public static Task<Command> OfLinesAsync(params string[] lines) => OfAsync(
        new Command.Setup { Input = [.. lines.SelectMany(line => Encoding.UTF8.GetBytes(line + "\n"))] },
        Policy,
        "--calls",
        "-",
        "--json");

    /// <summary>The explanation of a line.</summary>
    public static JsonElement Explanation(this Command run, int line = 0) => run.Lines[line].GetProperty("explanation");

    /// <summary>The steps of a line, each as its number, rule, result and code.</summary>
    public static IEnumerable<string> Steps(this Command run, int line = 0) =>
        run.Explanation(line).GetProperty("steps").EnumerateArray().Select(step => string.Join(
            ' ', step.EnumerateObject().Where(member => member.Name is not ("why" or "conditions")).Select(member => member.Value)));
}
