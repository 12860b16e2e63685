using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Percent-encoding in the fragment of a reference: RFC 3986 section 2.1.</summary>
internal static class PercentEncoding
{
    /// <summary>The text with its <c>%XX</c> read as UTF-8; null when they aren't well-formed.</summary>
    public static string? Decode(string text)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(text);
        var decoded = new List<byte>(encoded.Length);
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                decoded.Add(encoded[i]);
            }
            else if (i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                decoded.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        byte[] bytes = [.. decoded];
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }
}
