using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Dynamic;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyLayer.Calls;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class ClrJsonWriterTests
{
    private readonly JsonTape _tape = new();
    private readonly Utf8Buffer _buffer = new();

    public static TheoryData<string> ValueNames => [.. Values.Keys];

    private static Dictionary<string, object?> Values => new()
    {
        ["null"] = null,
        ["booleans"] = new object[] { true, false },
        ["strings"] = new[] { "", "plain", "\"\\/\b\f\n\r\t\0\u001f\u007f", "é 語 😀 \u2028", new string('x', 5000) + "\n😀" },
        ["chars"] = new[] { 'a', '"', 'é' },
        ["small integers"] = new object[] { byte.MaxValue, sbyte.MinValue, short.MinValue, ushort.MaxValue },
        ["integers"] = new object[] { int.MinValue, uint.MaxValue, long.MinValue, ulong.MaxValue },
        ["wide integers"] = new object[] { Int128.MinValue, UInt128.MaxValue },
        ["doubles"] = new[] { 0.0, -0.0, 0.1, 1e20, 1e300, double.MaxValue, double.Epsilon, 123456789.125 },
        ["floats"] = new[] { 0.1f, float.MaxValue, -1e-20f },
        ["halves"] = new[] { (Half)0.1, Half.MaxValue },
        ["decimals"] = new[] { 1.0m, 0.10m, decimal.MaxValue, -0.0000001m },
        ["guid"] = new Guid("0b0ab1b2-1111-2222-3333-444455556666"),
        ["times"] = new[]
        {
            new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateTime(2025, 1, 2, 3, 4, 5, 120, DateTimeKind.Unspecified),
            new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Local), DateTime.MaxValue,
        },
        ["offsets"] = new[]
        {
            new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), new DateTimeOffset(2025, 1, 2, 3, 4, 5, 6, TimeSpan.FromHours(-5.5)),
        },
        ["dates"] = new object[] { new DateOnly(2025, 1, 2), new TimeOnly(3, 4, 5), new TimeOnly(3, 4, 5, 6), TimeOnly.MaxValue },
        ["spans"] = new[] { TimeSpan.Zero, TimeSpan.FromDays(-1.5), new TimeSpan(12345678) },
        ["uris"] = new[] { new Uri("https://example.com/ä b"), new Uri("relative/x", UriKind.Relative) },
        ["enums"] = new object[] { DayOfWeek.Friday, Unsigned.Most, Signed.Least, (Signed)3 },
        ["bytes"] = new object[] { Array.Empty<byte>(), new byte[] { 1, 2, 255, 62 }, new ReadOnlyMemory<byte>([1, 2]) },
        ["element"] = JsonElement.Parse("""{"a":[1.0,"\u0061"]}"""),
        ["document"] = JsonDocument.Parse("""[1e400]"""),
        ["nodes"] = new JsonObject
        {
            ["a"] = new JsonArray(1, "x", null, true, 1.50m),
            ["t"] = new DateTime(2025, 1, 2),
            ["😀"] = JsonNode.Parse("[1.0]"),
        },
        ["dictionary"] = new Dictionary<string, object?> { ["a"] = 1, ["b\n"] = new Dictionary<string, object?>() },
        ["typed dictionary"] = new Dictionary<string, int> { ["a"] = 1 },
        ["text dictionary"] = new SortedDictionary<string, string?> { ["a"] = "1", ["b"] = null },
        ["hashtable"] = new Hashtable { ["a"] = new[] { 1, 2 } },
        ["expando"] = Expando(),
        ["immutable"] = ImmutableDictionary<string, double>.Empty.Add("x", 0.5),
        ["concurrent"] = new ConcurrentDictionary<string, object?> { ["x"] = "y" },
        ["sequences"] = new object?[] { new List<int> { 1, 2 }, new HashSet<string> { "x" }, Enumerable.Range(0, 3), Array.Empty<int[]>() },
    };

    [Theory]
    [MemberData(nameof(ValueNames))]
    public void Writes_what_the_framework_writes(string name)
    {
        var arguments = new Dictionary<string, object?> { ["v"] = Values[name], [name] = 1 };
        foreach (IReadOnlyDictionary<string, object?> source in new IReadOnlyDictionary<string, object?>[]
            { arguments, arguments.ToImmutableDictionary() })
        {
            Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(source, 64, _buffer, _tape));
            AssertSameText(JsonSerializer.SerializeToElement(source), JsonElement.Parse(_buffer.Written));
        }
    }

    [Fact]
    public void Writes_dictionaries_of_elements()
    {
        var arguments = new Dictionary<string, JsonElement> { ["a"] = JsonElement.Parse("1.0"), ["b"] = JsonElement.Parse("[{}]") };
        foreach (IReadOnlyDictionary<string, JsonElement> source in new IReadOnlyDictionary<string, JsonElement>[]
            { arguments, new SortedDictionary<string, JsonElement>(arguments) })
        {
            Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(source, 64, _buffer, _tape));
            Assert.Equal("""{"a":1.0,"b":[{}]}""", Encoding.UTF8.GetString(_buffer.Written));
        }

        arguments["c"] = default;
        Assert.Equal(JsonFault.Malformed, ClrJsonWriter.Scan(arguments, 64, _buffer, _tape));
        Assert.Equal(JsonFault.TooDeep, ClrJsonWriter.Scan(arguments, 2, _buffer, _tape));
        Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(new Dictionary<string, JsonElement>(), 1, _buffer, _tape));
    }

    [Fact]
    public void Refuses_what_no_json_says()
    {
        object[] refused =
        [
            double.NaN, double.PositiveInfinity, float.NegativeInfinity, Half.NaN, "\ud800", "x\udc00y", '\ud800', new object(),
            new Version(1, 0), default(JsonElement), (nint)1, new Hashtable { [1] = 1 }, new Dictionary<int, int> { [1] = 1 },
            new Dictionary<string, object?> { ["\ud800"] = 1 }, new object[] { 1, new object() }, JsonElement.Parse("\"\\ud800\""),
            JsonNode.Parse("""{"a":1,"a":2}""")!, Node("\ud800"), Node('\ud800'), Node(double.NaN),
            new Pairs(("a", 1), ("a", 2)),
        ];
        foreach (object value in refused)
        {
            Assert.Equal(JsonFault.Malformed, Scan(value));
            Assert.Equal(JsonFault.Malformed, Scan(new Dictionary<string, object?> { ["x"] = new[] { value } }));
        }

        static JsonNode Node<T>(T value) => System.Text.Json.Nodes.JsonValue.Create(value)!;
    }

    [Fact]
    public void Keys_are_compared_ordinally_whatever_the_dictionary_says()
    {
        Assert.Equal(JsonFault.Malformed, ClrJsonWriter.Scan(new Pairs(("a", 1), ("b", 1), ("a", 1)), 64, _buffer, _tape));
        Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(new Pairs(("a", 1), ("A", 1)), 64, _buffer, _tape));
        var ignoring = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };
        Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(ignoring, 64, _buffer, _tape));
        Assert.False(new PolicyLayer.Json.Values.JsonValue(_buffer.Written, _tape).TryGetProperty("A"u8, new WorkBudget(), out _));
    }

    [Fact]
    public void Cycles_and_nesting_are_too_deep()
    {
        var cycle = new Dictionary<string, object?>();
        cycle["self"] = cycle;
        var list = new List<object>();
        list.Add(list);
        JsonNode node = new JsonArray();
        for (int i = 0; i < 10_000; i++)
        {
            node = new JsonArray(node);
        }

        Assert.Equal(JsonFault.TooDeep, ClrJsonWriter.Scan(cycle, 64, _buffer, _tape));
        Assert.Equal(JsonFault.TooDeep, Scan(list));
        Assert.Equal(JsonFault.TooDeep, Scan(node));
        Assert.Equal(JsonFault.TooDeep, Scan(JsonElement.Parse("[[]]"), 2));
        Assert.Equal(JsonFault.None, Scan(JsonElement.Parse("[[]]"), 3));
        Assert.Equal(JsonFault.None, Scan(new object[] { Array.Empty<int>() }, 3));
        Assert.Equal(JsonFault.TooDeep, Scan(new object[] { Array.Empty<int>() }, 2));
    }

    [Fact]
    public void What_comes_first_is_told()
    {
        object deep = new object[] { Array.Empty<int>() };
        JsonElement twice = JsonElement.Parse("""{"x":1,"x":1}""");
        Assert.Equal(JsonFault.TooDeep, Scan(new object[] { JsonElement.Parse("[[]]"), double.NaN }, 3));
        Assert.Equal(JsonFault.Malformed, Scan(new object[] { double.NaN, deep }, 3));
        Assert.Equal(JsonFault.Malformed, Scan(new object[] { twice, deep }, 3));
        Assert.Equal(JsonFault.TooDeep, Scan(new object[] { deep, twice }, 3));
        Assert.Equal(JsonFault.Malformed, ClrJsonWriter.Scan(new Pairs(("a", 1), ("a", deep)), 2, _buffer, _tape));
        Assert.Equal(JsonFault.TooDeep, ClrJsonWriter.Scan(new Pairs(("a", deep), ("a", 1)), 2, _buffer, _tape));
    }

    private JsonFault Scan(object? value, int maxDepth = 64) =>
        ClrJsonWriter.Scan(new Dictionary<string, object?> { ["v"] = value }, maxDepth, _buffer, _tape);

    internal static void AssertSameText(JsonElement expected, JsonElement actual)
    {
        Assert.Equal(expected.ValueKind, actual.ValueKind);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                Assert.All(expected.EnumerateArray().Zip(actual.EnumerateArray()), pair => AssertSameText(pair.First, pair.Second));
                break;
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name), actual.EnumerateObject().Select(p => p.Name));
                Assert.All(expected.EnumerateObject(), p => AssertSameText(p.Value, actual.GetProperty(p.Name)));
                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), actual.GetString());
                break;
            default:
                Assert.Equal(expected.GetRawText(), actual.GetRawText());
                break;
        }
    }

    private static ExpandoObject Expando()
    {
        dynamic value = new ExpandoObject();
        value.a = 1;
        return value;
    }

    private enum Signed : long
    {
        Least = long.MinValue,
    }

    private enum Unsigned : ulong
    {
        Most = ulong.MaxValue,
    }

    /// <summary>A dictionary that enumerates whatever it was given.</summary>
    private sealed class Pairs(params (string Name, object? Value)[] members) : IReadOnlyDictionary<string, object?>
    {
        public IEnumerable<string> Keys => members.Select(member => member.Name);

        public IEnumerable<object?> Values => members.Select(member => member.Value);

        public int Count => members.Length;

        public object? this[string key] => members.First(member => member.Name == key).Value;

        public bool ContainsKey(string key) => Keys.Contains(key);

        public bool TryGetValue(string key, out object? value) => throw new NotSupportedException();

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
            members.Select(member => KeyValuePair.Create(member.Name, member.Value)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
