using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PolicyLayer.Json.Clr;

/// <summary>
/// What System.Text.Json makes of a type by default, found by its exact type and never by what it can be cast to: the runtime takes
/// an <c>sbyte[]</c> for a <c>byte[]</c>. INVARIANT: a type that might be written otherwise, by an attribute of its own or because it
/// is several things at once, is <see cref="ClrKind.Refused"/>.
/// </summary>
internal sealed class ClrShape
{
    // Weak, lest the types of an assembly that a host unloads be kept.
    private static readonly ConditionalWeakTable<Type, ClrShape> Known = [];

    private static readonly FrozenSet<Type> Scalars = FrozenSet.Create(
        typeof(string), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal),
        typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri),
        typeof(JsonElement), typeof(JsonDocument));

    private static readonly FrozenSet<Type> Bytes = FrozenSet.Create(typeof(byte[]), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>));

    private static readonly FrozenSet<Type> Sequences = FrozenSet.Create(
        typeof(List<>), typeof(HashSet<>), typeof(SortedSet<>), typeof(LinkedList<>), typeof(Queue<>), typeof(Stack<>),
        typeof(ArraySegment<>), typeof(Collection<>), typeof(ObservableCollection<>), typeof(ReadOnlyCollection<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(ConcurrentQueue<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>),
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>),
        typeof(ISet<>), typeof(IReadOnlySet<>));

    private static readonly FrozenSet<Type> Dictionaries = FrozenSet.Create(
        typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>), typeof(OrderedDictionary<,>),
        typeof(ReadOnlyDictionary<,>), typeof(ConcurrentDictionary<,>), typeof(ImmutableDictionary<,>),
        typeof(ImmutableSortedDictionary<,>),
        typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>));

    /// <summary>What a class that isn't listed may be. Of sealed types only: a sequence of a derived type is one of its base too.</summary>
    private static readonly ClrInterface[] Interfaces =
    [
        ClrInterface.Sequence<string>(), ClrInterface.Sequence<bool>(), ClrInterface.Sequence<char>(), ClrInterface.Sequence<byte>(),
        ClrInterface.Sequence<int>(), ClrInterface.Sequence<long>(), ClrInterface.Sequence<double>(), ClrInterface.Sequence<float>(),
        ClrInterface.Sequence<decimal>(), ClrInterface.Sequence<Guid>(), ClrInterface.Sequence<DateTime>(),
        ClrInterface.Sequence<DateTimeOffset>(), ClrInterface.Sequence<DateOnly>(), ClrInterface.Sequence<JsonElement>(),
        ClrInterface.Dictionary<object?>(), ClrInterface.Dictionary<string?>(), ClrInterface.Dictionary<JsonElement>(),
    ];

    private readonly Type _type;

    private ClrShape(Type type, ClrKind kind, ClrShape? element = null, ClrInterface? contents = null)
    {
        _type = type;
        Kind = kind;
        Element = element;
        Interface = contents;
    }

    public ClrKind Kind { get; }

    /// <summary>As what elements or members are declared: they are written as that, not as what they are.</summary>
    public ClrShape? Element { get; }

    /// <summary>How a class that isn't the framework's is read; null for one that is.</summary>
    public ClrInterface? Interface { get; }

    /// <summary>The shape of what is declared as <see cref="object"/>: whatever it is.</summary>
    public static ClrShape Any { get; } = Of(typeof(object));

    public static ClrShape Of(Type type) => Known.TryGetValue(type, out ClrShape? shape) ? shape : Known.GetValue(type, Make);

    /// <summary>Whether a value of such a type, declared as this, is written as if declared as <see cref="object"/>.</summary>
    public bool Admits(ClrShape value) =>
        Kind == ClrKind.Any
        || (Kind == value.Kind && (_type == value._type || Kind == ClrKind.Node || (_type.IsInterface && Element == value.Element)));

    /// <summary>Whether attributes on the type, such as a converter, say how it is written.</summary>
    public static bool HasAttributes(Type type) => type.IsDefined(typeof(JsonAttribute), inherit: true);

    private static ClrShape Make(Type type)
    {
        if (type == typeof(object))
        {
            return new ClrShape(type, ClrKind.Any);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying);
        }

        if (Bytes.Contains(type))
        {
            return new ClrShape(type, ClrKind.Bytes);
        }

        if (type.IsEnum)
        {
            return new ClrShape(type, IsWrittenAsNumber(type) ? ClrKind.Scalar : ClrKind.Refused);
        }

        if (Scalars.Contains(type))
        {
            return new ClrShape(type, ClrKind.Scalar);
        }

        return type.IsAssignableTo(typeof(JsonNode)) ? new ClrShape(type, ClrKind.Node) : MakeCollection(type);
    }

    private static bool IsWrittenAsNumber(Type type) =>
        Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64 && !HasAttributes(type);

    private static ClrShape MakeCollection(Type type)
    {
        if (type.IsArray)
        {
            return type.IsSZArray ? Containing(type, ClrKind.Sequence, type.GetElementType()!) : new ClrShape(type, ClrKind.Refused);
        }

        if (type == typeof(ArrayList))
        {
            return Containing(type, ClrKind.Sequence, typeof(object));
        }

        if (type == typeof(Hashtable) || type == typeof(SortedList))
        {
            return Containing(type, ClrKind.Dictionary, typeof(object));
        }

        if (!type.IsConstructedGenericType)
        {
            return MakeOther(type);
        }

        Type definition = type.GetGenericTypeDefinition();
        Type[] arguments = type.GetGenericArguments();
        if (Sequences.Contains(definition))
        {
            return Containing(type, ClrKind.Sequence, arguments[0]);
        }

        if (Dictionaries.Contains(definition))
        {
            return arguments[0] == typeof(string)
                ? Containing(type, ClrKind.Dictionary, arguments[1])
                : new ClrShape(type, ClrKind.Refused);
        }

        return MakeOther(type);
    }

    private static ClrShape Containing(Type type, ClrKind kind, Type element, ClrInterface? contents = null)
    {
        ClrShape shape = Of(element);
        return shape.Kind == ClrKind.Refused ? shape : new ClrShape(type, kind, shape, contents);
    }

    /// <summary>A class that isn't the framework's is what one of the interfaces says, and must be no second thing beside it.</summary>
    private static ClrShape MakeOther(Type type) =>
        Array.Find(Interfaces, candidate => candidate.IsImplementedBy(type)) is { } contents
            && !HasAttributes(type)
            && !DerivesFromListed(type)
            && !IsSeveralThings(type)
            ? Containing(type, contents.Kind, contents.Element, contents)
            : new ClrShape(type, ClrKind.Refused);

    /// <summary>
    /// Whether it is several sequences, of which System.Text.Json takes a dictionary or the first; or one that can be read asynchronously
    /// too, which is written only so, and not by every serialiser. A dictionary is one sequence, of its members.
    /// </summary>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "An interface that trimming took away is seen by no serialiser either.")]
    private static bool IsSeveralThings(Type type)
    {
        int sequences = 0;
        foreach (Type implemented in type.GetInterfaces())
        {
            Type? definition = implemented.IsConstructedGenericType ? implemented.GetGenericTypeDefinition() : null;
            if (definition == typeof(IAsyncEnumerable<>))
            {
                return true;
            }

            sequences += definition == typeof(IEnumerable<>) ? 1 : 0;
        }

        return sequences > 1;
    }

    // System.Text.Json reads these by their own members, which a derived class can't change, and not through the interfaces, which it can.
    private static bool DerivesFromListed(Type type)
    {
        for (Type? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.IsConstructedGenericType
                && ancestor.GetGenericTypeDefinition() is { } definition
                && (Sequences.Contains(definition) || Dictionaries.Contains(definition)))
            {
                return true;
            }
        }

        return false;
    }
}
