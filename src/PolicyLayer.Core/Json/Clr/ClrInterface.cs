using System.Collections;

namespace PolicyLayer.Json.Clr;

/// <summary>What a class that isn't the framework's may be read as. It is read through it, as System.Text.Json does.</summary>
internal sealed class ClrInterface
{
    private readonly Func<Type, bool> _isImplementedBy;
    private readonly Func<object, IEnumerable> _contents;

    private ClrInterface(ClrKind kind, Type element, Func<Type, bool> isImplementedBy, Func<object, IEnumerable> contents)
    {
        Kind = kind;
        Element = element;
        _isImplementedBy = isImplementedBy;
        _contents = contents;
    }

    public ClrKind Kind { get; }

    public Type Element { get; }

    public static ClrInterface Sequence<T>() => new(
        ClrKind.Sequence,
        typeof(T),
        type => type.IsAssignableTo(typeof(IEnumerable<T>)),
        value => ((IEnumerable<T>)value).Select(element => (object?)element));

    public static ClrInterface Dictionary<T>() => new(
        ClrKind.Dictionary,
        typeof(T),
        type => type.IsAssignableTo(typeof(IDictionary<string, T>)) || type.IsAssignableTo(typeof(IReadOnlyDictionary<string, T>)),
        value => ((IEnumerable<KeyValuePair<string, T>>)value).Select(member => KeyValuePair.Create(member.Key, (object?)member.Value)));

    public bool IsImplementedBy(Type type) => _isImplementedBy(type);

    public IEnumerable ElementsOf(object value) => _contents(value);

    public IEnumerable<KeyValuePair<string, object?>> MembersOf(object value) =>
        (IEnumerable<KeyValuePair<string, object?>>)_contents(value);
}
