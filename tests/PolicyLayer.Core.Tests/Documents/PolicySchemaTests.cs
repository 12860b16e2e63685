using System.Text.Json;

namespace PolicyLayer.Tests.Documents;

public sealed class PolicySchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "schema", "policy.v1.schema.json"))).RootElement;

    /// <summary>Where the schema lists members, and a document with room for one of them.</summary>
    public static TheoryData<string, string> Places => new()
    {
        { "", "{ MEMBER }" },
        { "properties/all_tools", """{ "all_tools": { MEMBER } }""" },
        { "$defs/tool", """{ "tools": { "x": { MEMBER } } }""" },
        { "$defs/limit", """{ "tools": { "x": { "limits": [ { MEMBER } ] } } }""" },
        { "$defs/tool/properties/rate_limit", """{ "tools": { "x": { "rate_limit": { MEMBER } } } }""" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void The_reader_knows_every_member_that_the_schema_lists(string place, string document)
    {
        foreach (JsonProperty member in At(place).GetProperty("properties").EnumerateObject())
        {
            Assert.DoesNotContain("PL1101", Ids(document.Replace("MEMBER", $"\"{member.Name}\": null", StringComparison.Ordinal)));
        }

        // The other way round: what the schema doesn't list, the reader doesn't know.
        Assert.Contains("PL1101", Ids(document.Replace("MEMBER", "\"surprise\": null", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_object_of_the_format_is_closed_and_every_member_explained()
    {
        int closed = 0;
        Walk(Schema, "", (schema, place) =>
        {
            bool isArguments = place.Contains("argument", StringComparison.Ordinal);
            if (isArguments || !schema.TryGetProperty("properties", out JsonElement properties) || !schema.TryGetProperty("type", out _))
            {
                return;
            }

            closed++;
            Assert.True(
                schema.TryGetProperty("additionalProperties", out JsonElement additional) && additional.ValueKind is JsonValueKind.False,
                $"{place} is open.");
            foreach (JsonProperty member in properties.EnumerateObject())
            {
                Assert.True(IsExplained(member.Value), $"{place}/properties/{member.Name} has no description.");
            }
        });
        Assert.Equal(10, closed);
    }

    private static bool IsExplained(JsonElement schema) =>
        schema.TryGetProperty("description", out _)
        || (schema.TryGetProperty("$ref", out JsonElement target) && At(target.GetString()![2..]).TryGetProperty("description", out _));

    private static JsonElement At(string place)
    {
        JsonElement element = Schema;
        foreach (string step in place.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            element = element.ValueKind == JsonValueKind.Array
                ? element[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]
                : element.GetProperty(step);
        }

        return element;
    }

    private static void Walk(JsonElement element, string place, Action<JsonElement, string> visit)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            visit(element, place);
            foreach (JsonProperty member in element.EnumerateObject())
            {
                Walk(member.Value, $"{place}/{member.Name}", visit);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Walk(item, place + "/*", visit);
            }
        }
    }

    private static IEnumerable<string> Ids(string document) =>
        Policy.Load(System.Text.Encoding.UTF8.GetBytes(document)).Diagnostics.Select(finding => finding.Id);
}
