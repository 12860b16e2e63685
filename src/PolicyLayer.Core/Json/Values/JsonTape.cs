using System.Buffers;

namespace PolicyLayer.Json.Values;

/// <summary>
/// The tokens of one scanned text, in document order, and the scratch that scanning and comparing need.
/// Reused between calls, without allocating when warm. Not thread-safe while scanning or as scratch; reading is.
/// </summary>
internal sealed class JsonTape
{
    private const int Initial = 64;
    private const int Kept = 64 * 1024;

    private readonly bool _isRented;
    private JsonToken[] _tokens;
    private JsonNameTable? _names;

    public JsonTape()
        : this(new JsonToken[Initial], count: 0, isRented: false)
    {
    }

    private JsonTape(JsonToken[] tokens, int count, bool isRented)
    {
        _tokens = tokens;
        _isRented = isRented;
        Count = count;
    }

    /// <summary>Tokens of the last text, 0 if it wasn't accepted.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<JsonToken> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Scratch for look-ups of names; made when first needed, as few texts have many names in one object.</summary>
    public JsonNameTable Names => _names ??= new JsonNameTable();

    public ref readonly JsonToken this[int index] => ref _tokens[index];

    /// <summary>A tape for one text that is expected to have so many tokens, with room from the shared pool: to be returned.</summary>
    public static JsonTape Rent(int expected) => new(ArrayPool<JsonToken>.Shared.Rent(expected), count: 0, isRented: true);

    /// <summary>Gives a rented tape's room back. INVARIANT: whoever reads the tape afterwards fails, as others use that room.</summary>
    public void Return()
    {
        JsonToken[] rented = _tokens;
        Count = 0;
        _tokens = [];
        _names = null;
        if (rented.Length > 0)
        {
            ArrayPool<JsonToken>.Shared.Return(rented);
        }
    }

    /// <summary>Forgets the text, and gives back what a big one made grow.</summary>
    public void Reset()
    {
        Count = 0;
        if (_tokens.Length > Kept)
        {
            _tokens = new JsonToken[Initial];
        }

        _names?.Reset();
    }

    internal Span<JsonToken> Begin()
    {
        Count = 0;
        return _tokens;
    }

    /// <summary>The tokens of one value alone, for its own text, that begins where the value does in this one's.</summary>
    internal JsonTape Copy(int value)
    {
        ref readonly JsonToken root = ref _tokens[value];
        int textStart = root.Kind == JsonKind.String ? root.Start - 1 : root.Start;
        JsonToken[] copy = _tokens[value..root.End];
        foreach (ref JsonToken token in copy.AsSpan())
        {
            token.Start -= textStart;
            token.End -= value;
        }

        return new JsonTape(copy, copy.Length, isRented: false);
    }

    internal Span<JsonToken> Grow()
    {
        int length = (int)Math.Min(_tokens.Length * 2L, Array.MaxLength);
        if (!_isRented)
        {
            Array.Resize(ref _tokens, length);
            return _tokens;
        }

        JsonToken[] small = _tokens;
        _tokens = ArrayPool<JsonToken>.Shared.Rent(length);
        small.CopyTo(_tokens, 0);
        ArrayPool<JsonToken>.Shared.Return(small);
        return _tokens;
    }

    internal void Complete(int count) => Count = count;
}
