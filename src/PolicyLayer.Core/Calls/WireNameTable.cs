using System.Collections.Frozen;

namespace PolicyLayer.Calls;

/// <summary>The texts of one enum's values, each of both once.</summary>
internal sealed class WireNameTable<T>
    where T : struct, Enum
{
    private readonly FrozenDictionary<T, string> _texts;
    private readonly FrozenDictionary<string, T> _values;
    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _valuesBySpan;

    public WireNameTable(params (T Value, string Text)[] names)
    {
        Texts = [.. names.Select(name => name.Text)];
        _texts = names.ToFrozenDictionary(name => name.Value, name => name.Text);
        _values = names.ToFrozenDictionary(name => name.Text, name => name.Value, StringComparer.Ordinal);
        _valuesBySpan = _values.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All texts, in the order in which they were given.</summary>
    public string[] Texts { get; }

    public string TextOf(T value) =>
        _texts.TryGetValue(value, out string? text)
            ? text
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The value has no name.");

    /// <summary>The value of a text that is known to be one.</summary>
    public T Parse(string text) => _values[text];

    public bool TryParse(ReadOnlySpan<char> text, out T value) => _valuesBySpan.TryGetValue(text, out value);
}
