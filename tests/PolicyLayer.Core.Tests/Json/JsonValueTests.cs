using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using PolicyLayer.Calls;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class JsonValueTests
{
    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 1000)]
    public void Reads_what_a_document_holds(MutatedDocument document)
    {
        var tape = new JsonTape();
        if (JsonScanner.Scan(document.Utf8, 64, tape) == JsonFault.None)
        {
            using JsonDocument expected = JsonDocument.Parse(document.Utf8);
            AssertSame(expected.RootElement, new JsonValue(document.Utf8, tape));
        }
    }

    [Fact]
    public void Steps_that_lead_nowhere_find_nothing()
    {
        JsonValue root = new ScannedJson("""{"a":[1,"x"],"s":"text"}""").Root;
        Assert.True(root.TryGetProperty("a"u8, new WorkBudget(), out JsonValue array));
        JsonValue text = root.At(array.FindElement(1, new WorkBudget()));
        Assert.True(text.StringEquals("x"u8));
        Assert.Equal(-1, array.FindElement(2, new WorkBudget()));
        Assert.Equal(-1, array.FindElement(-1, new WorkBudget()));
        Assert.Equal(-1, root.FindElement(0, new WorkBudget()));
        Assert.False(array.TryGetProperty("a"u8, new WorkBudget(), out JsonValue missing));
        Assert.Equal(JsonKind.None, missing.Kind);
        Assert.False(root.TryGetProperty("A"u8, new WorkBudget(), out _));
        Assert.False(text.TryGetProperty("x"u8, new WorkBudget(), out _));
        Assert.Equal(0, text.CountChildren());
    }

    [Theory]
    [InlineData("\"a\"", "a", true)]
    [InlineData("\"\\u0061\"", "a", true)]
    [InlineData("\"\\u0061\"", "ab", false)]
    [InlineData("\"\\u0061b\"", "a", false)]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", true)]
    [InlineData("\"x\\ud83d\\ude00y\"", "x😀y", true)]
    [InlineData("\"\\u00e9\"", "e\u0301", false)]
    [InlineData("\"\\\\u0061\"", "a", false)]
    public void Compares_strings_by_their_decoded_form(string json, string text, bool equal) =>
        Assert.Equal(equal, new ScannedJson(json).Root.StringEquals(Encoding.UTF8.GetBytes(text)));

    private static void AssertSame(JsonElement expected, JsonValue value)
    {
        Assert.Equal(expected.GetRawText(), Encoding.UTF8.GetString(value.Raw));
        switch (expected.ValueKind)
        {
            case JsonValueKind.String:
                AssertSame(expected.GetString()!, value.String);
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), value.CountChildren());
                int position = 0;
                foreach (JsonValue element in value.EnumerateElements())
                {
                    Assert.Equal(element.Index, value.FindElement(position, new WorkBudget()));
                    AssertSame(expected[position++], element);
                }

                break;
            case JsonValueKind.Object:
                JsonProperty[] members = [.. expected.EnumerateObject()];
                Assert.Equal(members.Length, value.CountChildren());
                int next = 0;
                foreach (PolicyLayer.Json.Values.JsonValue.Property property in value.EnumerateProperties())
                {
                    AssertSame(members[next].Name, property.Name);
                    Assert.True(value.TryGetProperty(Encoding.UTF8.GetBytes(members[next].Name), new WorkBudget(), out JsonValue found));
                    Assert.Equal(property.Value.Index, found.Index);
                    Assert.True(value.TryGetProperty(property.Name, new WorkBudget(), out found));
                    Assert.Equal(property.Value.Index, found.Index);
                    AssertSame(members[next++].Value, property.Value);
                }

                break;
        }
    }

    private static void AssertSame(string expected, JsonString actual)
    {
        byte[] utf8 = new byte[actual.MaxDecodedLength];
        char[] utf16 = new char[actual.MaxDecodedLength];
        Assert.Equal(expected, Encoding.UTF8.GetString(utf8, 0, actual.Decode(utf8)));
        Assert.Equal(expected, new string(utf16, 0, actual.Decode(utf16)));
        Assert.Equal(expected.EnumerateRunes().Count(), actual.CountCodePoints());
        Assert.True(actual.Equals(Encoding.UTF8.GetBytes(expected)));
        Assert.False(actual.Equals(Encoding.UTF8.GetBytes(expected + "x")));
        Assert.Equal(JsonHash.Of(new JsonString(Encoding.UTF8.GetBytes(expected), hasEscapes: false)), JsonHash.Of(actual));
    }
}
