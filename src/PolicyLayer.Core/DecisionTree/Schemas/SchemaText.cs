using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>Buffers for decoded strings. What they return is good until the next call.</summary>
internal sealed class SchemaText
{
    private const int Initial = 256;
    private const int Kept = 64 * 1024;

    private byte[] _bytes = new byte[Initial];

    public ReadOnlySpan<byte> ToUtf8(JsonString text)
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

    /// <summary>Forgets the texts, and gives back what a big one made grow.</summary>
    public void Reset()
    {
        _bytes = _bytes.Length > Kept ? new byte[Initial] : _bytes;
    }
}
