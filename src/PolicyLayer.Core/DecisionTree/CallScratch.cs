using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree;

/// <summary>What judging a call needs to remember while it lasts. A thread keeps one for the next call.</summary>
internal sealed class CallScratch
{
    private const int KeptCharacters = 64 * 1024;

    [ThreadStatic]
    private static CallScratch? _kept;

    private char[] _characters = new char[256];
    private byte[] _bytes = new byte[256];
    private int[] _places = new int[16];

    public JsonTape Arguments { get; } = new();

    public JsonTape Context { get; } = new();

    public JsonTape Grant { get; } = new();

    public SchemaScratch Schemas { get; } = new();

    public Utf8Buffer ArgumentsText { get; } = new();

    public Utf8Buffer ContextText { get; } = new();

    public Utf8Buffer GrantText { get; } = new();

    public static CallScratch Rent()
    {
        CallScratch scratch = _kept ?? new CallScratch();
        _kept = null;
        return scratch;
    }

    /// <summary>Keeps the scratch, without the call's values in it where that costs nothing.</summary>
    public void Return()
    {
        Arguments.Reset();
        if (Context.Count > 0)
        {
            Context.Reset();
        }

        if (Grant.Count > 0)
        {
            Grant.Reset();
        }

        ArgumentsText.Reset();
        ContextText.Reset();
        GrantText.Reset();

        if (_characters.Length > KeptCharacters)
        {
            _characters = new char[256];
        }

        if (_bytes.Length > KeptCharacters)
        {
            _bytes = new byte[256];
        }

        _kept = this;
    }

    /// <summary>Zeroed places for the results of an entry's paths.</summary>
    public Span<int> Places(int count)
    {
        if (_places.Length < count)
        {
            _places = new int[count];
        }

        Span<int> places = _places.AsSpan(0, count);
        places.Clear();
        return places;
    }

    /// <summary>A string decoded to UTF-16, until the next one.</summary>
    public ReadOnlySpan<char> Utf16(JsonString text)
    {
        if (_characters.Length < text.MaxDecodedLength)
        {
            _characters = new char[text.MaxDecodedLength];
        }

        return _characters.AsSpan(0, text.Decode(_characters));
    }

    /// <summary>A string decoded to UTF-8, until the next one.</summary>
    public ReadOnlySpan<byte> Utf8(JsonString text)
    {
        if (!text.HasEscapes)
        {
            return text.Raw;
        }

        if (_bytes.Length < text.MaxDecodedLength)
        {
            _bytes = new byte[text.MaxDecodedLength];
        }

        return _bytes.AsSpan(0, text.Decode(_bytes));
    }
}
