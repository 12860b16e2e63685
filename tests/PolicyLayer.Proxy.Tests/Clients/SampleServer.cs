using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>What <c>use-server.mjs</c> sees of the sample server.</summary>
internal static partial class SampleServer
{
    /// <summary>
    /// Where nothing is forbidden, two things are the proxy's to say: how long a list of tools may be kept, and by whom; and the state of a
    /// call that the client comes back to, which it seals.
    /// </summary>
    public static string Forgive(string line)
    {
        string text = State().Replace(line, "");
        return text.Contains("\"tools\":[", StringComparison.Ordinal) ? Keeping().Replace(text, "") : text;
    }

    /// <summary>
    /// Steps are the same, but for the time that is left until a limit resets, and for what a proxy doesn't know: who the server is, and
    /// whether a tool that isn't shown promises a form of its results.
    /// </summary>
    public static void RequireSame(JsonObject expected, JsonObject actual)
    {
        JsonObject steps = expected["seen"]!.AsObject();
        foreach ((string step, JsonNode? seen) in steps)
        {
            Assert.Equal($"{step}: {Text(seen)}", $"{step}: {Text(actual["seen"]![step])}");
        }

        Assert.Equal(Text(expected), Text(actual));
        Assert.Equal(20, steps.Count);
        Assert.Equal("A text.", (string?)steps["resource"]!["contents"]![0]!["text"]);
    }

    /// <summary>What a server says of its denials as a proxy would.</summary>
    public static JsonObject AsFromOutside(JsonObject inside)
    {
        foreach (JsonObject result in inside["seen"]!.AsObject().Select(step => step.Value).OfType<JsonObject>())
        {
            if (result["_meta"]?["policylayer/denial"] is not { } denial)
            {
                continue;
            }

            result["_meta"]!.AsObject().Remove("io.modelcontextprotocol/serverInfo");
            if ((string?)denial["code"] is "hidden" or "not_listed")
            {
                result.Remove("structuredContent");
            }
        }

        return inside;
    }

    private static string Text(JsonNode? node) => Waiting().Replace(node?.ToJsonString() ?? "", "$1[changes]");

    [GeneratedRegex(@"(""retryAfterMs"":|Try again in )\d+( \w+)?")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"""requestState"":""[^""]*"",?")]
    private static partial Regex State();

    [GeneratedRegex(@"(""ttlMs"":\d+|""cacheScope"":""\w+""),?")]
    private static partial Regex Keeping();
}
