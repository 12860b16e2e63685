using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PolicyLayer.Text;

namespace PolicyLayer.Auditing;

/// <summary>
/// How records write the tool, grant and session that a call names: as they are, but at most 256 UTF-16 units of a longer name, and with
/// U+FFFD for half a surrogate pair; then <c>…sha256:</c> and the SHA-256 of the whole name in UTF-16LE. Different names stay different.
/// </summary>
internal static class RecordedName
{
    public const int MaxLength = 256;

    public static string Of(string name) => name.Length <= MaxLength && Utf16.IsWellFormed(name) ? name : Shorten(name);

    private static string Shorten(string name)
    {
        string beginning = Utf16.Cut(name, MaxLength).ToString();
        if (!Utf16.IsWellFormed(beginning))
        {
            beginning = string.Concat(beginning.EnumerateRunes());
        }

        byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes(name.AsSpan()));
        return $"{beginning}…sha256:{Convert.ToHexStringLower(hash)}";
    }
}
