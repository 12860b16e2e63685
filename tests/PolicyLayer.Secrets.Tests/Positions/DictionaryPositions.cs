using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Positions;

/// <summary>
/// Secrets in a host's dictionaries, sound ones and such that can't be read to their end. Names at the top aren't planted: faults tell
/// them.
/// </summary>
internal static class DictionaryPositions
{
    public static IEnumerable<PlantedCall> Of(Plant plant)
    {
        foreach ((string name, DecisionCode code, Func<string, object?> make) in Values)
        {
            string secret = plant.Text($"dictionary-{name}");
            yield return new PlantedCall(
                $"dictionary-{name}", "{}", code,
                ToolArguments.FromDictionary(new Dictionary<string, object?> { ["first"] = secret, ["v"] = make(secret) }));
            string nested = plant.Text($"dictionary-nested-{name}");
            yield return new PlantedCall(
                $"dictionary-nested-{name}", "{}", code,
                ToolArguments.FromDictionary(new Dictionary<string, object?>
                {
                    ["v"] = new object?[] { 1, new Dictionary<string, object?> { [nested] = make(nested) } },
                }));
            string fact = plant.Text($"dictionary-context-{name}");
            yield return new PlantedCall(
                $"dictionary-context-{name}", "{}",
                code == DecisionCode.ArgumentsMalformed || code == DecisionCode.ArgumentsTooLarge ? DecisionCode.ContextMalformed : code,
                default, ToolArguments.FromDictionary(new Dictionary<string, object?> { ["v"] = make(fact) }));
            string answer = plant.Text($"dictionary-inputs-{name}");
            yield return new PlantedCall($"dictionary-inputs-{name}", "{}", code, default)
            {
                Inputs = ToolArguments.FromDictionary(new Dictionary<string, object?> { ["v"] = make(answer) }),
            };
        }

        foreach ((string name, DecisionCode code, Func<string, IEnumerable<KeyValuePair<string, object?>>> make) in Wholes)
        {
            string secret = plant.Text($"members-{name}");
            yield return new PlantedCall(
                $"members-{name}", "{}", code,
                ToolArguments.FromDictionary((IReadOnlyDictionary<string, object?>)new BrokenDictionary<object?>(make(secret))));
        }

        string element = plant.Text("elements-undefined");
        yield return new PlantedCall(
            "elements-undefined", "{}", DecisionCode.ArgumentsMalformed,
            ToolArguments.FromDictionary(new Dictionary<string, JsonElement>
            {
                ["a"] = JsonSerializer.SerializeToElement(element),
                ["v"] = default,
            }));
    }

    private static (string Name, DecisionCode Code, Func<string, object?> Make)[] Values =>
    [
        ("text", DecisionCode.Allowed, secret => secret),
        ("uri", DecisionCode.Allowed, secret => new Uri($"https://{secret}.example/")),
        ("element", DecisionCode.Allowed, secret => JsonSerializer.SerializeToElement(new[] { secret })),
        ("node", DecisionCode.Allowed, secret => new JsonObject { [secret] = secret }),
        ("bytes", DecisionCode.Allowed, secret => Convert.FromBase64String(secret)),
        ("unknown-type", DecisionCode.ArgumentsMalformed, secret => new Unwritable(secret)),
        ("converter", DecisionCode.ArgumentsMalformed, secret => new Converted(secret)),
        ("big-number", DecisionCode.ArgumentsMalformed, secret => new BigInteger(System.Text.Encoding.UTF8.GetBytes(secret))),
        ("no-number", DecisionCode.ArgumentsMalformed, secret => new object[] { secret, double.NaN }),
        ("half-surrogate", DecisionCode.ArgumentsMalformed, secret => secret + "\ud800"),
        ("half-surrogate-name", DecisionCode.ArgumentsMalformed, secret => new Dictionary<string, object?> { [secret + "\ud800"] = 1 }),
        ("duplicate-node", DecisionCode.ArgumentsMalformed, secret => JsonNode.Parse($$"""{"{{secret}}":1,"{{secret}}":2}""")),
        ("disposed", DecisionCode.InternalError, secret => Disposed(secret)),
        ("throwing", DecisionCode.InternalError, secret => Throwing(secret)),
        ("throwing-members", DecisionCode.InternalError, secret => new BrokenDictionary<object?>(ThrowingMembers(secret))),
        ("deep", DecisionCode.ArgumentsTooLarge, Deep),
    ];

    private static (string Name, DecisionCode Code, Func<string, IEnumerable<KeyValuePair<string, object?>>> Make)[] Wholes =>
    [
        ("throwing", DecisionCode.InternalError, ThrowingMembers),
        ("twice", DecisionCode.ArgumentsMalformed, secret => [new("twice", secret), new("twice", 1)]),
        ("unnamed", DecisionCode.ArgumentsMalformed, secret => [new("a", secret), new(null!, secret)]),
        ("half-surrogate", DecisionCode.ArgumentsMalformed, secret => [new(secret + "\ud800", secret)]),
    ];

    private static JsonElement Disposed(string secret)
    {
        var document = JsonDocument.Parse($$"""{"{{secret}}":"{{secret}}"}""");
        JsonElement element = document.RootElement;
        document.Dispose();
        return element;
    }

    private static IEnumerable<string> Throwing(string secret)
    {
        yield return secret;
        throw new SecretException(secret);
    }

    private static IEnumerable<KeyValuePair<string, object?>> ThrowingMembers(string secret)
    {
        yield return new("a", secret);
        throw new SecretException(secret);
    }

    private static object Deep(string secret)
    {
        object value = secret;
        for (int i = 0; i < 80; i++)
        {
            value = new Dictionary<string, object?> { [secret] = value };
        }

        return value;
    }

    private sealed class Unwritable(string secret)
    {
        public string Value => secret;

        public override string ToString() => secret;
    }

    [JsonConverter(typeof(JsonStringEnumConverter))]
    private sealed class Converted(string secret)
    {
        public override string ToString() => secret;
    }
}
