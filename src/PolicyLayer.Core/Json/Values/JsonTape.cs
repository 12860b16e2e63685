namespace PolicyLayer.Json.Values;

/// <summary>
/// The tokens of one scanned text, in document order, and the scratch that scanning and comparing need.
/// Reused between calls, without allocating when warm. Not thread-safe while scanning or as scratch; reading is.
/// </summary>
internal sealed class JsonTape
{
    private const int Initial = 64;
    private const int Kept = 64 * 1024;

    private JsonToken[] _tokens;
    private JsonNameTable? _names;

    public JsonTape()
    {
        _tokens = new JsonToken[Initial];
    }

    private JsonTape(JsonToken[] tokens)
    {
        _tokens = tokens;
        Count = tokens.Length;
    }

    /// <summary>Tokens of the last text, 0 if it wasn't accepted.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<JsonToken> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Scratch for look-ups of names; made when first needed, as few texts have many names in one object.</summary>
    public JsonNameTable Names => _names ??= new JsonNameTable();

    public ref readonly JsonToken this[int index] => ref _tokens[index];

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

    /// <summary>Begins a text that is expected to have so many tokens.</summary>
    internal Span<JsonToken> Begin(int expected)
    {
        if (_tokens.Length < expected)
        {
            _tokens = new JsonToken[expected];
        }

        return Begin();
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

        return new JsonTape(copy);
    }

    internal Span<JsonToken> Grow()
    {
        Array.Resize(ref _tokens, (int)Math.Min(_tokens.Length * 2L, Array.MaxLength));
        return _tokens;
    }

    internal void Complete(int count) => Count = count;
}
