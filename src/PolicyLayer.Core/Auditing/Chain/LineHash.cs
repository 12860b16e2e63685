using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Auditing.Chain;

/// <summary>
/// The hash of a line: HMAC-SHA-256 under a sub-key of the host's, so that only who has the keys can write a log anew; SHA-256 without
/// keys. Immutable.
/// </summary>
internal sealed class LineHash
{
    /// <summary>The length of a hash as text, in lower-case hexadecimal.</summary>
    public const int TextLength = 2 * SHA256.HashSizeInBytes;

    private const string Purpose = "policylayer audit line v1";

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    public LineHash(PolicyLayerKeys? keys)
    {
        CurrentKeyId = keys?.CurrentId;
        foreach (string id in keys?.Ids ?? [])
        {
            _keys.Add(id, keys!.Derive(id, Purpose)!);
        }
    }

    /// <summary>The key that new lines are hashed with; null for none.</summary>
    public string? CurrentKeyId { get; }

    /// <summary>The hash of a new line's content, as text.</summary>
    public byte[] Of(ReadOnlySpan<byte> content)
    {
        var text = new byte[TextLength];
        Compute(CurrentKeyId, content, text);
        return text;
    }

    /// <summary>Whether the key that a line was hashed with is known; plain SHA-256 always is.</summary>
    public bool Knows(string? keyId) => keyId is null || _keys.ContainsKey(keyId);

    /// <summary>Whether a line bears the hash of its content, under the key that it names. The key is known.</summary>
    public bool Fits(in ChainedLine line)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Compute(line.KeyId, line.Content, text);
        return CryptographicOperations.FixedTimeEquals(text, line.Hash);
    }

    private void Compute(string? keyId, ReadOnlySpan<byte> content, Span<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (keyId is null)
        {
            SHA256.HashData(content, hash);
        }
        else
        {
            HMACSHA256.HashData(_keys[keyId], content, hash);
        }

        Convert.TryToHexStringLower(hash, text, out _);
    }
}
