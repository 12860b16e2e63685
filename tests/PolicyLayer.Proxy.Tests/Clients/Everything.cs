using System.Text.Json.Nodes;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>What <c>walk-everything.mjs</c> sees of a server, without a proxy and through one.</summary>
internal static class Everything
{
    /// <summary>Hides a tool, judges the arguments of another, closes one that has an output schema, limits one.</summary>
    public const string Policy =
        """
        {
          "version": "1", "default": "allow", "hide": ["get-env"],
          "tools": {
            "get-sum": { "require": [{ "conditions": [{ "path": "args.a", "op": "lt", "value": 1000 }] }] },
            "get-structured-content": { "action": "deny", "reason": "Nobody asks for the weather." },
            "echo": { "limits": [{ "counter": "echo", "window": "day", "max": 2, "algorithm": "sliding" }] }
          }
        }
        """;

    /// <summary>The steps that <see cref="Policy"/> forbids, and why.</summary>
    private static readonly Dictionary<string, (string Code, bool IsStructured)> Denials = new()
    {
        ["echo of nothing"] = ("limit_exceeded", true),
        ["sum"] = ("require_failed", true),
        ["sum of text"] = ("require_failed", true),
        ["structured"] = ("action_deny", false),
        ["structured wrong"] = ("action_deny", false),
        ["environment"] = ("hidden", false),
    };

    /// <summary>A walk saw the same as another.</summary>
    public static void RequireSame(JsonObject direct, JsonObject proxied)
    {
        foreach ((string step, JsonNode? seen) in direct["seen"]!.AsObject())
        {
            RequireSame(step, seen, proxied["seen"]![step]);
        }

        Assert.Equal(direct.ToJsonString(), proxied.ToJsonString());

        // The walk went to its end: what it saw there, and what came without being asked for.
        Assert.Equal("completed", (string?)direct["seen"]!["task"]!["status"]);
        Assert.Contains("notifications/resources/updated", direct["notes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("sampling/createMessage", direct["asked"]!.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>A walk through a proxy with <see cref="Policy"/> met it, and saw all else as without.</summary>
    public static void RequireGuarded(JsonObject direct, JsonObject proxied)
    {
        foreach ((string step, JsonNode? seen) in direct["seen"]!.AsObject())
        {
            JsonNode? other = proxied["seen"]![step];
            if (step is "tools" or "names" or "a wrong cursor")
            {
                JsonArray tools = (step == "a wrong cursor" ? seen!["tools"] : seen)!.AsArray();
                tools.Remove(tools.Single(tool => (string?)(tool as JsonObject)?["name"] == "get-env" || tool!.ToString() == "get-env"));
            }

            if (!Denials.TryGetValue(step, out (string Code, bool IsStructured) denial))
            {
                RequireSame(step, seen, other);
                continue;
            }

            JsonNode result = other!;
            Assert.True(result["isError"] is { } isError && (bool)isError, $"{step}: {result.ToJsonString()}");
            Assert.Equal(denial.Code, (string?)result["_meta"]!["policylayer/denial"]!["code"]);
            Assert.Equal(denial.IsStructured ? denial.Code : null, (string?)result["structuredContent"]?["code"]);
            Assert.StartsWith("[POLICY DENIED] ", (string?)result["content"]![0]!["text"], StringComparison.Ordinal);
        }

        Assert.Equal(direct["asked"]!.ToJsonString(), proxied["asked"]!.ToJsonString());
        Assert.Equal(direct["notes"]!.ToJsonString(), proxied["notes"]!.ToJsonString());
    }

    private static void RequireSame(string step, JsonNode? expected, JsonNode? actual) =>
        Assert.Equal($"{step}: {expected?.ToJsonString()}", $"{step}: {actual?.ToJsonString()}");
}
