using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Grants;

/// <summary>
/// Bearer tokens of grants. A token is shown once, to whom it is given; what is kept is its SHA-256, which is enough to find the grant and
/// of no use to whoever reads it.
/// </summary>
public static class GrantToken
{
    private const int Bytes = 32;
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Makes a token of 256 random bits, as 43 characters of the URL-safe Base64 alphabet.</summary>
    public static string Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    /// <summary>The SHA-256 of a token's UTF-8, as 64 lower-case hexadecimal digits.</summary>
    /// <param name="token">The token.</param>
    /// <exception cref="ArgumentException"><paramref name="token"/> is null or empty.</exception>
    public static string Hash(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    /// <summary>Whether a text has the form of a token's hash.</summary>
    internal static bool IsHash(string text) =>
        text.Length == HashDigits && !text.AsSpan().ContainsAnyExcept(Digits);
}
