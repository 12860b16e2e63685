using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// Calls that come back after a tool asked for input. What the tool wants to find again goes to the client sealed, with the decision that
/// the retry continues, and is good for the same caller, tool and arguments. Anything else that a client brings is taken off the call,
/// which then is one of its own.
/// </summary>
internal sealed class Continuations(ContinuationSealer sealer)
{
    /// <summary>The member of requests and results that a client brings back.</summary>
    public const string StateName = "requestState";

    /// <summary>The member of requests that has what the client was asked for.</summary>
    public const string ResponsesName = "inputResponses";

    /// <summary>Seals with the host's keys, or, without, with one that ends with the process: so do the calls.</summary>
    /// <param name="keys">The host's keys; null for none.</param>
    /// <param name="validFor">How long a client may take.</param>
    /// <param name="time">The clock.</param>
    public static Continuations Create(PolicyLayerKeys? keys, TimeSpan validFor, TimeProvider time) =>
        new(new ContinuationSealer(keys ?? ProcessKeys(), validFor, time));

    /// <summary>Finds out what a call goes on with, and gives its tool back what it wanted to find again.</summary>
    /// <param name="parameters">The request's <c>params</c>, which are changed.</param>
    /// <param name="call">The call.</param>
    /// <param name="principal">Who calls.</param>
    /// <returns>The decision; null for a call of its own.</returns>
    public string? Open(JsonObject parameters, in ToolCall call, string principal)
    {
        if (!parameters.ContainsKey(StateName) && !parameters.ContainsKey(ResponsesName))
        {
            return null;
        }

        string? state = null;
        string? decision = parameters[StateName] is JsonValue value && value.TryGetValue(out string? text)
            ? sealer.Open(text, call, principal, out state)
            : null;
        parameters.Remove(StateName);
        if (decision is null)
        {
            Drop(parameters);
        }
        else if (state is not null)
        {
            parameters[StateName] = state;
        }

        return decision;
    }

    /// <summary>Takes off what a call of its own must not bring: it was asked for nothing yet.</summary>
    /// <param name="parameters">The request's <c>params</c>, which are changed.</param>
    public static void Drop(JsonObject parameters)
    {
        parameters.Remove(StateName);
        parameters.Remove(ResponsesName);
    }

    /// <summary>Seals what goes to the client; what can't be continued comes back as a call of its own.</summary>
    /// <param name="result">The result that asks for input, which is changed.</param>
    /// <param name="judged">The call.</param>
    public void Seal(JsonObject result, JudgedCall judged)
    {
        string? state = result[StateName] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        if (sealer.Seal(judged.Decision, judged.Call, judged.Principal, state) is { } sealedText)
        {
            result[StateName] = sealedText;
        }
        else
        {
            result.Remove(StateName);
        }
    }

    private static PolicyLayerKeys ProcessKeys() => new(
        "process", new Dictionary<string, byte[]> { ["process"] = RandomNumberGenerator.GetBytes(PolicyLayerKeys.KeyLength) });
}
