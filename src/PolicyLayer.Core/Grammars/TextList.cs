using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars;

/// <summary>Decoded texts, one behind the other: the patterns of an operand, or the words of an array. Grows, and is used again.</summary>
internal sealed class TextList
{
    private const int KeptBytes = 64 * 1024;

    private byte[] _texts = [];
    private int[] _ends = [];

    public int Count { get; private set; }

    /// <summary>The bytes of all texts.</summary>
    public int Length => Count == 0 ? 0 : _ends[Count - 1];

    public ReadOnlySpan<byte> Texts => _texts.AsSpan(0, Length);

    /// <summary>Where each text ends in <see cref="Texts"/>; the next begins there.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    public TextPatterns Patterns => new(Texts, Ends);

    public void Clear() => Count = 0;

    /// <summary>Adds a text, and returns it decoded, until the next one is added.</summary>
    public ReadOnlySpan<byte> Add(JsonString text)
    {
        int start = Length;
        EnsureRoom(text.MaxDecodedLength);
        int length = text.Decode(_texts.AsSpan(start));
        _ends[Count++] = start + length;
        return _texts.AsSpan(start, length);
    }

    /// <summary>Gives back what a big call made grow.</summary>
    public void Reset()
    {
        Count = 0;
        _texts = _texts.Length > KeptBytes ? [] : _texts;
        _ends = _ends.Length > KeptBytes / sizeof(int) ? [] : _ends;
    }

    private void EnsureRoom(int bytes)
    {
        if (_texts.Length - Length < bytes)
        {
            Array.Resize(ref _texts, Math.Max(2 * _texts.Length, Length + bytes));
        }

        if (_ends.Length == Count)
        {
            Array.Resize(ref _ends, Math.Max(2 * Count, 4));
        }
    }
}
