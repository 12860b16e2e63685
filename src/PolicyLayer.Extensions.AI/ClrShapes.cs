using System.Text.Json.Nodes;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// What .NET publishes of its types by words that mean another thing to JSON Schema. A `TimeOnly` is published as `"format": "time"`, which
/// asks for an offset, and binds only what has none.
/// </summary>
internal static class ClrShapes
{
    private const string TimeOfDay = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?$";

    /// <summary>Has a schema accept a time of day without an offset wherever it asks for a time.</summary>
    /// <param name="schema">The schema, which is changed.</param>
    public static void Allow(JsonNode? schema)
    {
        if (schema is JsonArray list)
        {
            foreach (JsonNode? each in list)
            {
                Allow(each);
            }
        }

        if (schema is not JsonObject keywords)
        {
            return;
        }

        foreach ((string keyword, JsonNode? value) in keywords)
        {
            AllowIn(keyword, value);
        }

        if (keywords["format"] is JsonValue format && format.TryGetValue(out string? name) && name == "time")
        {
            AllowTimeOfDay(keywords);
        }
    }

    private static void AllowIn(string keyword, JsonNode? value)
    {
        switch (keyword)
        {
            case "properties" or "patternProperties" or "dependentSchemas" or "$defs" or "definitions":
                foreach ((_, JsonNode? schema) in value as JsonObject ?? [])
                {
                    Allow(schema);
                }

                break;
            case "items" or "prefixItems" or "additionalItems" or "contains" or "additionalProperties" or "propertyNames":
            case "allOf" or "anyOf" or "oneOf" or "not" or "if" or "then" or "else" or "unevaluatedItems" or "unevaluatedProperties":
                Allow(value);
                break;
        }
    }

    private static void AllowTimeOfDay(JsonObject keywords)
    {
        keywords.Remove("format");
        var either = new JsonObject
        {
            ["anyOf"] = new JsonArray(new JsonObject { ["format"] = "time" }, new JsonObject { ["pattern"] = TimeOfDay }),
        };
        if (keywords["allOf"] is JsonArray all)
        {
            all.Add((JsonNode)either);
        }
        else
        {
            keywords["allOf"] = new JsonArray(either);
        }
    }
}
