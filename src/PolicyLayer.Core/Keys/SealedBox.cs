using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Keys;

/// <summary>
/// Seals bytes with AES-256-GCM under sub-keys of the host's that serve one purpose: with the current key's, and opens what any of the keys
/// sealed. Immutable and safe for any number of threads.
/// </summary>
/// <remarks>
/// A sealed text is a version, the key's id with its length before, a random nonce of 12 bytes, what was sealed, and a tag of 16.
/// </remarks>
internal sealed class SealedBox(PolicyLayerKeys keys, string purpose)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Seals bytes.</summary>
    /// <param name="plain">The bytes.</param>
    /// <param name="context">What they belong to: they can be opened only with the same.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        int idLength = Encoding.ASCII.GetByteCount(keys.CurrentId);
        var output = new byte[2 + idLength + NonceLength + plain.Length + TagLength];
        output[0] = Version;
        output[1] = (byte)idLength;
        Encoding.ASCII.GetBytes(keys.CurrentId, output.AsSpan(2));
        Span<byte> nonce = output.AsSpan(2 + idLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> body = output.AsSpan(2 + idLength + NonceLength);
        using var aes = new AesGcm(keys.Derive(purpose), TagLength);
        aes.Encrypt(nonce, plain, body[..^TagLength], body[^TagLength..], context);
        return output;
    }

    /// <summary>Opens what was sealed; null for what wasn't with one of the keys, belongs to something else or was changed.</summary>
    /// <param name="sealedBytes">What <see cref="Seal"/> gave.</param>
    /// <param name="context">What the bytes belong to.</param>
    public byte[]? Open(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> context)
    {
        if (sealedBytes.Length < 2 || sealedBytes[0] != Version)
        {
            return null;
        }

        int idLength = sealedBytes[1];
        ReadOnlySpan<byte> rest = sealedBytes[2..];
        if (rest.Length < idLength + NonceLength + TagLength || !Ascii.IsValid(rest[..idLength]))
        {
            return null;
        }

        // The id is what the sealer wrote, and not trusted: with another key the tag doesn't fit.
        if (keys.Derive(Encoding.ASCII.GetString(rest[..idLength]), purpose) is not { } key)
        {
            return null;
        }

        ReadOnlySpan<byte> nonce = rest.Slice(idLength, NonceLength);
        ReadOnlySpan<byte> body = rest[(idLength + NonceLength)..];
        var plain = new byte[body.Length - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(nonce, body[..^TagLength], body[^TagLength..], plain, context);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
