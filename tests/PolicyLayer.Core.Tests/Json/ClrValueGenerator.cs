using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Json;

/// <summary>Random values of the accepted types, alone and in collections that declare them in several ways.</summary>
internal sealed class ClrValueGenerator
{
    private readonly Random _random;
    private readonly IReadOnlyList<Func<int, object?>> _kinds;

    public ClrValueGenerator(int seed)
    {
        _random = new Random(seed);
        _kinds =
        [
            .. Of(() => _random.Percent(50)), .. Of(Character), .. Of(Text), .. Of(() => (byte)Bits()), .. Of(() => (sbyte)Bits()),
            .. Of(() => (short)Bits()), .. Of(() => (ushort)Bits()), .. Of(() => (int)Bits()), .. Of(() => (uint)Bits()), .. Of(Bits),
            .. Of(() => (ulong)Bits()), .. Of(() => new Int128((ulong)Bits(), (ulong)Bits())), .. Of(() => (UInt128)(ulong)Bits() * 3),
            .. Of(Float),
            .. Of(Double), .. Of(Half), .. Of(Decimal), .. Of(() => new Guid((int)Bits(), 1, 2, BitConverter.GetBytes(Bits()))),
            .. Of(() => new DateTime(Ticks(), _random.One([DateTimeKind.Utc, DateTimeKind.Unspecified, DateTimeKind.Local]))),
            .. Of(() => new DateTimeOffset(Ticks(), TimeSpan.FromMinutes(_random.Next(-840, 841)))), .. Of(() => new TimeSpan(Bits())),
            .. Of(() => DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber))),
            .. Of(() => new TimeOnly(Ticks() % TimeSpan.TicksPerDay)),
            .. Of(() => (ClrValues.Small)Bits()), .. Of(() => (ClrValues.Tiny)Bits()), .. Of(() => (ClrValues.Signed)Bits()),
            .. Of(() => (ClrValues.Unsigned)Bits()), .. Of(() => (DayOfWeek)Bits()),
            .. Of(() => JsonElement.Parse("""{"a":[1.0,"\u0061"]}""")),
            Nested, depth => _random.Several(3, () => Next(depth - 1)), depth => new ArrayList(_random.Several(3, () => Next(depth - 1))),
            _ => BitConverter.GetBytes(Bits()), _ => new ReadOnlyMemory<byte>(BitConverter.GetBytes(Bits())),
            _ => new JsonArray(JsonValue.Create(Bits()), JsonValue.Create(Double()), JsonValue.Create(Text()), Character()),
        ];
    }

    /// <summary>Whether something was made that JSON can't say: not a number, or half of a surrogate pair.</summary>
    public bool IsUnwritable { get; private set; }

    public object? Next(int depth) => depth <= 0 || _random.Percent(5) ? null : _random.One(_kinds)(depth);

    private Dictionary<string, object?> Nested(int depth)
    {
        var members = new Dictionary<string, object?>();
        for (int i = _random.Next(3); i >= 0; i--)
        {
            members[Text()] = Next(depth - 1);
        }

        return members;
    }

    private IEnumerable<Func<int, object?>> Of<T>(Func<T> make)
        where T : notnull =>
    [
        _ => make(),
        _ => _random.One<Func<object>>(
        [
            () => Several(make).ToArray(), () => Several(make), () => new Stack<T>(Several(make)), () => new Queue<T>(Several(make)),
            () => Several(make).ToImmutableArray(), () => Several(make).ToHashSet(), () => new LinkedList<T>(Several(make)),
            () => new ArraySegment<T>([.. Several(make)]), () => new[] { Several(make).ToArray() },
            () => new List<IReadOnlyList<T>> { Several(make) },
            () => new List<IEnumerable<object>> { Several(make).Select(value => (object)value).ToList() },
            () => new Dictionary<string, T> { ["a"] = make(), ["b"] = make() }, () => new Hashtable { ["a"] = make() },
            () => ImmutableSortedDictionary<string, T>.Empty.Add("a", make()),
            () => new SortedDictionary<string, T[]> { ["a"] = [.. Several(make)] },
            () => new Dictionary<string, IDictionary<string, T>> { ["a"] = new SortedList<string, T> { ["b"] = make() } },
        ])(),
    ];

    private List<T> Several<T>(Func<T> make) => _random.Several(3, make);

    private long Bits() => _random.Percent(50) ? _random.NextInt64(long.MinValue, long.MaxValue) : _random.Next(-300, 300);

    private long Ticks() => _random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay);

    private decimal Decimal() =>
        new((int)Bits(), (int)Bits(), _random.Percent(50) ? 0 : (int)Bits(), _random.Percent(50), (byte)_random.Next(29));

    private double Double() => Finite(BitConverter.Int64BitsToDouble(Bits()), double.IsFinite);

    private float Float() => Finite(BitConverter.Int32BitsToSingle((int)Bits()), float.IsFinite);

    private Half Half() => Finite(BitConverter.Int16BitsToHalf((short)Bits()), System.Half.IsFinite);

    private T Finite<T>(T number, Func<T, bool> isFinite)
    {
        IsUnwritable |= !isFinite(number);
        return number;
    }

    private char Character()
    {
        char character = _random.Percent(90) ? (char)_random.Next(0x300) : (char)_random.Next(0xD700, 0xE100);
        IsUnwritable |= char.IsSurrogate(character);
        return character;
    }

    private string Text() => _random.Percent(10) ? "😀\u2028" : new string(Several(Character).ToArray());
}
