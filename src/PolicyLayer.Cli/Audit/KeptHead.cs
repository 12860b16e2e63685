using System.Globalization;

namespace PolicyLayer.Cli.Audit;

/// <summary>A head as <c>audit head</c> printed it, or its hash alone.</summary>
/// <param name="Records">How many records the files had; null where it isn't known.</param>
/// <param name="Hash">The last one's hash.</param>
internal sealed record KeptHead(long? Records, string Hash)
{
    private const int HashLength = 64;

    /// <summary>Reads <c>HASH</c> or <c>COUNT HASH</c>; null where it is neither.</summary>
    public static KeptHead? Parse(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        string hash = text[(space + 1)..];
        if (!IsHash(hash))
        {
            return null;
        }

        if (space < 0)
        {
            return new KeptHead(null, hash);
        }

        // As `head` prints it: another text of the number is something else that was copied.
        return long.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out long records)
            && text[..space] == records.ToString(CultureInfo.InvariantCulture)
            ? new KeptHead(records, hash)
            : null;
    }

    public static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}
