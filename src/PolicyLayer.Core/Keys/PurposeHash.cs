using System.Security.Cryptography;

namespace PolicyLayer.Keys;

/// <summary>HMAC-SHA-256 under a sub-key of the host's that serves one purpose; SHA-256 without keys. Immutable.</summary>
internal sealed class PurposeHash(PolicyLayerKeys? keys, string purpose)
{
    public const int Length = SHA256.HashSizeInBytes;

    private readonly byte[]? _key = keys?.Derive(purpose);

    public bool IsKeyed => _key is not null;

    public void Compute(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        if (_key is not null)
        {
            HMACSHA256.HashData(_key, text, hash);
        }
        else
        {
            SHA256.HashData(text, hash);
        }
    }
}
