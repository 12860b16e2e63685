using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Dynamic;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PolicyLayer.Tests.Json;

/// <summary>Values that a host may put into a dictionary, and types that System.Text.Json writes in a way of their own.</summary>
internal static class ClrValues
{
    /// <summary>Accepted, and written as System.Text.Json writes them.</summary>
    public static Dictionary<string, object?> Accepted { get; } = new()
    {
        ["null"] = null,
        ["every scalar"] = new object?[]
        {
            true, 'a', byte.MaxValue, sbyte.MinValue, short.MinValue, ushort.MaxValue, int.MinValue, uint.MaxValue, long.MinValue,
            ulong.MaxValue, Int128.MinValue, UInt128.MaxValue, (Half)0.1, 0.1f, 0.1, 0.10m, Guid.NewGuid(), DateTime.MaxValue,
            DateTimeOffset.MinValue, DateOnly.MaxValue, TimeOnly.MaxValue, TimeSpan.MinValue, new Uri("a b", UriKind.Relative), "x",
            JsonElement.Parse("1.0"), JsonDocument.Parse("[1e400]"),
        },
        ["enums by number"] = new object[] { Small.Delete, Signed.Least, Unsigned.Most, (Unsigned)3, Flags.Both },
        ["sbytes"] = new sbyte[] { 1, -1 },
        ["enums of bytes"] = new[] { Small.Read, Small.Delete },
        ["enums of sbytes"] = new[] { Tiny.Less },
        ["sbytes as bytes"] = (byte[])(object)new sbyte[] { -1 },
        ["unsigned as signed"] = (int[])(object)new[] { uint.MaxValue },
        ["bytes"] = new object[] { new byte[] { 1, 255 }, new Memory<byte>([1]), new ReadOnlyMemory<byte>([2]), Array.Empty<byte>() },
        ["bytes one by one"] = new object[]
        {
            new List<byte> { 1 }, ImmutableArray.Create<byte>(1), new ArraySegment<byte>([1]), Count<byte>(1),
        },
        ["lists of bytes"] = new List<byte[]> { new byte[] { 1, 2 } },
        ["nullable"] = new List<int?> { 1, null },
        ["jagged"] = new[] { new[] { 1 }, [] },
        ["orders"] = new object[]
        {
            new Stack<int>([1, 2]), new Queue<int>([1, 2]), new ConcurrentStack<int>([1, 2]), new ConcurrentQueue<int>([1, 2]),
            ImmutableStack.Create(1, 2), ImmutableQueue.Create(1, 2), new SortedSet<int> { 2, 1 }, new LinkedList<int>([2, 1]),
            new ConcurrentBag<int> { 1, 2, 3 },
        },
        ["lists"] = new object[]
        {
            new Collection<string> { "x" }, new ObservableCollection<string> { "x" }, new ReadOnlyCollection<string>(["x"]),
            ImmutableList.Create("x"), ImmutableHashSet.Create("x"), ImmutableSortedSet.Create("x"), ImmutableArray.Create("x"),
            new HashSet<string> { "x" }, new ArrayList { 1, "x", null }, new ArraySegment<object?>([1, null, "x"], 1, 2),
            new Strings("x", "y"),
        },
        ["lazy"] = new object[] { Enumerable.Range(0, 3), new[] { "b", "a" }.Order(), Count<double>(0.5), new[] { "x" }.ToFrozenSet() },
        ["dictionaries"] = new object[]
        {
            new Dictionary<string, int> { ["a"] = 1 }, new SortedDictionary<string, object?> { ["a"] = null },
            new SortedList<string, string> { ["a"] = "x" }, new OrderedDictionary<string, bool> { ["a"] = true },
            new ReadOnlyDictionary<string, Guid>(new Dictionary<string, Guid> { ["a"] = Guid.Empty }),
            new ConcurrentDictionary<string, int[]> { ["a"] = [1] }, ImmutableDictionary<string, Small>.Empty.Add("a", Small.Delete),
            ImmutableSortedDictionary<string, double>.Empty.Add("a", 0.5), new Hashtable { ["a"] = new[] { 1 } },
            new SortedList { ["a"] = 1 }, Expando(), new Dictionary<string, object?> { ["a"] = 1 }.ToFrozenDictionary(),
            new Arguments { ["a"] = new[] { 1 } },
        },
        ["of dictionaries"] = new object[]
        {
            new List<Dictionary<string, object?>> { new() { ["a"] = 1 } },
            new List<IReadOnlyDictionary<string, object?>> { new SortedDictionary<string, object?> { ["a"] = 1 } },
            new List<IReadOnlyList<string>> { ImmutableList.Create("x"), new[] { "y" } },
            new Dictionary<string, IDictionary<string, JsonElement>>
            {
                ["a"] = new Dictionary<string, JsonElement> { ["b"] = JsonElement.Parse("{}") },
            },
        },
        ["nodes"] = new JsonObject
        {
            ["a"] = new JsonArray(1, "x", null, true, 1.50m, 'c'),
            ["t"] = new DateTime(2025, 1, 2),
            ["p"] = JsonNode.Parse("[1.0,\"\\n\",{}]"),
            ["d"] = JsonSerializer.Deserialize<JsonNode>("[1e400,\"\\u00e9\\n\",false]"),
            ["o"] = JsonValue.Create(new DateOnly(2025, 1, 2)),
        },
        ["lists of nodes"] = new List<JsonNode?> { JsonNode.Parse("1"), new JsonObject(), null },
    };

    /// <summary>Refused: System.Text.Json writes something else than one would think, differently by declared type, or nothing.</summary>
    public static Dictionary<string, object> Refused { get; } = new()
    {
        ["named enum"] = Named.Delete,
        ["enum with a converter that inherits"] = Inheriting.Delete,
        ["named enums"] = new[] { Named.Delete },
        ["list of named enums"] = new List<Named> { Named.Delete },
        ["nullable named enums"] = new Named?[] { Named.Delete },
        ["dictionary of named enums"] = new Dictionary<string, Named> { ["a"] = Named.Delete },
        ["enums as values"] = new List<Enum> { Small.Delete },
        ["comparables"] = new IComparable[] { "Delete" },
        ["value types"] = new List<ValueType> { 1 },
        ["text as characters"] = new List<IEnumerable<char>> { "ab" },
        ["bytes as a sequence"] = new List<IEnumerable<byte>> { new byte[] { 1 } },
        ["a dictionary as a sequence"] = new List<IEnumerable> { new Dictionary<string, int> { ["a"] = 1 } },
        ["a dictionary as pairs"] = new List<IEnumerable<KeyValuePair<string, int>>> { new Dictionary<string, int> { ["a"] = 1 } },
        ["unsigned in signed"] = new List<int[]> { (int[])(object)new[] { uint.MaxValue } },
        ["unsigned in a signed sequence"] = new List<IEnumerable<int>> { (int[])(object)new[] { uint.MaxValue } },
        ["sbytes in bytes"] = new List<byte[]> { (byte[])(object)new sbyte[] { -1 } },
        ["a list with a converter"] = new Converted { "secret" },
        ["a list with a number handling"] = new Quoting { 1 },
        ["a sequence with a converter"] = new Marked(),
        ["a list that lists otherwise"] = new TwoFaced { "shown" },
        ["a dictionary with a converter"] = new ConvertedDictionary { ["a"] = 1 },
        ["a list and a dictionary"] = new Both(),
        ["a list and a dictionary of other values"] = new BothOf<Point>(new Point(1, 2)),
        ["two lists"] = new TwoLists(),
        ["a list that is read asynchronously"] = new Asynchronous(),
        ["a list that is read asynchronously as another"] = new AsynchronousOf<int>(),
        ["a dictionary that is read asynchronously"] = new AsynchronousArguments { ["a"] = 1 },
        ["pair"] = KeyValuePair.Create("a", 1),
        ["anonymous"] = new { a = 1 },
        ["anonymous ones"] = new[] { new { a = 1 } },
        ["record"] = new Point(1, 2),
        ["tuple"] = (1, 2),
        ["object"] = new object(),
        ["big integer"] = BigInteger.One,
        ["complex"] = new Complex(1, 2),
        ["native"] = (nint)1,
        ["version"] = new Version(1, 0),
        ["uri of a kind of its own"] = new OwnUri("https://example.com"),
        ["type"] = typeof(string),
        ["missing"] = DBNull.Value,
        ["culture"] = CultureInfo.InvariantCulture,
        ["memory"] = new Memory<int>([1]),
        ["characters"] = "ab".AsMemory(),
        ["two dimensions"] = new int[1, 1],
        ["from one"] = Array.CreateInstance(typeof(int), [1], [1]),
        ["default array"] = default(ImmutableArray<int>),
        ["default segment"] = default(ArraySegment<int>),
        ["keys of numbers"] = new Dictionary<int, int> { [1] = 1 },
        ["keys of objects"] = new Dictionary<object, int> { ["a"] = 1 },
        ["untyped keys of numbers"] = new Hashtable { [1] = 1 },
        ["bits"] = new BitArray(2),
        ["lazy objects"] = new[] { "a" }.Select(text => (object)text),
        ["undefined"] = default(JsonElement),
        ["enum node"] = JsonValue.Create(Small.Delete)!,
        ["converted node"] = JsonValue.Create("secret", OwnText.Info)!,
        ["version node"] = JsonValue.Create(new Version(1, 0))!,
        ["not a number"] = double.NaN,
        ["infinite"] = float.PositiveInfinity,
        ["half infinite"] = Half.NegativeInfinity,
        ["half a character"] = '\ud800',
        ["half a pair"] = "x\udc00y",
        ["half a pair as a name"] = new Dictionary<string, int> { ["\ud800"] = 1 },
        ["half a pair in a node"] = JsonValue.Create("\ud800")!,
        ["half a pair in text"] = JsonNode.Parse("\"\\ud800\"")!,
        ["half a pair in a uri"] = new Uri("\ud800", UriKind.Relative),
        ["duplicates in a node"] = JsonNode.Parse("""{"a":1,"a":2}""")!,
    };

    private static IEnumerable<T> Count<T>(T value)
    {
        yield return value;
        yield return value;
    }

    private static ExpandoObject Expando()
    {
        dynamic value = new ExpandoObject();
        value.a = 1;
        return value;
    }

    internal enum Small : byte
    {
        Read = 1,
        Delete = 200,
    }

    internal enum Tiny : sbyte
    {
        Less = -1,
    }

    internal enum Signed : long
    {
        Least = long.MinValue,
    }

    internal enum Unsigned : ulong
    {
        Most = ulong.MaxValue,
    }

    [Flags]
    internal enum Flags
    {
        One = 1,
        Two = 2,
        Both = 3,
    }

    [JsonConverter(typeof(JsonStringEnumConverter<Named>))]
    internal enum Named
    {
        Read,
        Delete,
    }

    [OwnConverter]
    internal enum Inheriting
    {
        Read,
        Delete,
    }

    internal sealed record Point(int X, int Y);

    internal sealed class OwnUri(string text) : Uri(text);

    internal sealed class OwnConverterAttribute : JsonConverterAttribute
    {
        public override JsonConverter CreateConverter(Type typeToConvert) => new JsonStringEnumConverter<Inheriting>();
    }

    [JsonConverter(typeof(Masked<Converted>))]
    internal sealed class Converted : List<string>;

    [JsonConverter(typeof(Masked<Marked>))]
    internal sealed class Marked : IEnumerable<string>
    {
        public IEnumerator<string> GetEnumerator() => Enumerable.Repeat("secret", 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    internal sealed class Quoting : List<int>;

    [JsonConverter(typeof(Masked<ConvertedDictionary>))]
    internal sealed class ConvertedDictionary : Dictionary<string, object?>;

    internal sealed class Masked<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue("masked");
    }

    internal static class OwnText
    {
        public static System.Text.Json.Serialization.Metadata.JsonTypeInfo<string> Info { get; } =
            (System.Text.Json.Serialization.Metadata.JsonTypeInfo<string>)new JsonSerializerOptions(JsonSerializerOptions.Default)
            {
                Converters = { new Masked<string>() },
            }.GetTypeInfo(typeof(string));
    }

    /// <summary>A list whose interface shows something else than the list itself.</summary>
    internal sealed class TwoFaced : List<string>, IEnumerable<string>, IEnumerable
    {
        IEnumerator<string> IEnumerable<string>.GetEnumerator() => Enumerable.Repeat("hidden", 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => Enumerable.Repeat("hidden", 1).GetEnumerator();
    }

    /// <summary>Typed and untyped enumerators that differ: the typed one counts.</summary>
    internal sealed class Strings(params string[] values) : IEnumerable<string>
    {
        public IEnumerator<string> GetEnumerator() => values.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => new[] { 1, 2, 3 }.GetEnumerator();
    }

    /// <summary>A list that no serialiser writes but asynchronously.</summary>
    internal sealed class Asynchronous : IEnumerable<string>, IAsyncEnumerable<string>
    {
        public IEnumerator<string> GetEnumerator() => Enumerable.Repeat("x", 1).GetEnumerator();

        public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    internal sealed class Both : IEnumerable<string>, IReadOnlyDictionary<string, string>
    {
        public IEnumerable<string> Keys => ["a"];

        public IEnumerable<string> Values => ["b"];

        public int Count => 1;

        public string this[string key] => "b";

        public bool ContainsKey(string key) => key == "a";

        public bool TryGetValue(string key, out string value)
        {
            value = "b";
            return key == "a";
        }

        IEnumerator<string> IEnumerable<string>.GetEnumerator() => Values.GetEnumerator();

        IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() =>
            Keys.Zip(Values, KeyValuePair.Create).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => Values.GetEnumerator();
    }

    /// <summary>A list that the framework takes for a dictionary.</summary>
    internal sealed class BothOf<T>(T value) : IEnumerable<string>, IReadOnlyDictionary<string, T>
    {
        public IEnumerable<string> Keys => ["a"];

        public IEnumerable<T> Values => [value];

        public int Count => 1;

        public T this[string key] => value;

        public bool ContainsKey(string key) => key == "a";

        public bool TryGetValue(string key, out T found)
        {
            found = value;
            return key == "a";
        }

        IEnumerator<string> IEnumerable<string>.GetEnumerator() => Keys.GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
            Keys.Zip(Values, KeyValuePair.Create).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => Keys.GetEnumerator();
    }

    /// <summary>Two lists, of which the framework takes the one that is declared first.</summary>
    internal sealed class TwoLists : IEnumerable<Point>, IEnumerable<string>
    {
        IEnumerator<Point> IEnumerable<Point>.GetEnumerator() => Enumerable.Repeat(new Point(1, 2), 1).GetEnumerator();

        IEnumerator<string> IEnumerable<string>.GetEnumerator() => Enumerable.Repeat("x", 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => Enumerable.Repeat("x", 1).GetEnumerator();
    }

    internal sealed class AsynchronousOf<T> : IEnumerable<string>, IAsyncEnumerable<T>
    {
        public IEnumerator<string> GetEnumerator() => Enumerable.Repeat("x", 1).GetEnumerator();

        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    internal sealed class AsynchronousArguments : Arguments, IAsyncEnumerable<KeyValuePair<string, object?>>
    {
        public IAsyncEnumerator<KeyValuePair<string, object?>> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    /// <summary>A dictionary of a host's own, as agent frameworks have them.</summary>
    internal class Arguments : IDictionary<string, object?>, IReadOnlyDictionary<string, object?>
    {
        private readonly Dictionary<string, object?> _members = [];

        public ICollection<string> Keys => _members.Keys;

        public ICollection<object?> Values => _members.Values;

        public int Count => _members.Count;

        public bool IsReadOnly => false;

        IEnumerable<string> IReadOnlyDictionary<string, object?>.Keys => Keys;

        IEnumerable<object?> IReadOnlyDictionary<string, object?>.Values => Values;

        public object? this[string key]
        {
            get => _members[key];
            set => _members[key] = value;
        }

        public void Add(string key, object? value) => _members.Add(key, value);

        public bool ContainsKey(string key) => _members.ContainsKey(key);

        public bool Remove(string key) => _members.Remove(key);

        public bool TryGetValue(string key, out object? value) => _members.TryGetValue(key, out value);

        public void Add(KeyValuePair<string, object?> item) => Add(item.Key, item.Value);

        public void Clear() => _members.Clear();

        public bool Contains(KeyValuePair<string, object?> item) => _members.Contains(item);

        public void CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex) => throw new NotSupportedException();

        public bool Remove(KeyValuePair<string, object?> item) => Remove(item.Key);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _members.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
