using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Tests.Secrets.Searching;

/// <summary>
/// The bytes by which a secret is found: itself and what encodings make of it, in halves, so that one which was cut is found too; and
/// hashes of it that nothing keyed or salted, which whoever guesses it can check.
/// </summary>
internal static class SecretForms
{
    public static IEnumerable<(string Form, byte[] Bytes)> Of(Secret secret)
    {
        IEnumerable<(string, byte[])> forms = secret.IsNumber ? OfNumber(secret.Value) : OfText(secret.Value);
        return forms.Concat(HashesOf(secret.Value));
    }

    private static IEnumerable<(string, byte[])> OfText(string text) => new[] { text[..(text.Length / 2)], text[(text.Length / 2)..] }
        .SelectMany(half => OfPart(half).Append(("upper case", Encoding.UTF8.GetBytes(half.ToUpperInvariant()))));

    /// <summary>The digits behind the first, as a point may stand there.</summary>
    private static IEnumerable<(string, byte[])> OfNumber(string number) => OfPart(number[1..]);

    private static IEnumerable<(string, byte[])> OfPart(string part)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(part);
        string hex = Convert.ToHexStringLower(bytes);
        yield return ("plain", bytes);
        yield return ("hexadecimal", Encoding.UTF8.GetBytes(hex));
        yield return ("upper hexadecimal", Encoding.UTF8.GetBytes(hex.ToUpperInvariant()));
        yield return ("UTF-16", Encoding.Unicode.GetBytes(part));
        yield return ("percent-encoded", Encoding.UTF8.GetBytes(string.Concat(bytes.Select(each => $"%{each:x2}"))));
        yield return ("upper percent-encoded", Encoding.UTF8.GetBytes(string.Concat(bytes.Select(each => $"%{each:X2}"))));
        yield return ("JSON escapes", Encoding.UTF8.GetBytes(string.Concat(bytes.Select(each => $"\\u{each:x4}"))));
        yield return ("upper JSON escapes", Encoding.UTF8.GetBytes(string.Concat(bytes.Select(each => $"\\u{each:X4}"))));
        for (int alignment = 0; alignment < 3; alignment++)
        {
            string base64 = Base64At(bytes, alignment);
            yield return ($"base64 at {alignment}", Encoding.UTF8.GetBytes(base64));
            yield return ($"base64url at {alignment}", Encoding.UTF8.GetBytes(base64.Replace('+', '-').Replace('/', '_')));
        }
    }

    /// <summary>The characters that are the same whatever stands before and behind, after so many bytes of a group of three.</summary>
    private static string Base64At(byte[] bytes, int alignment)
    {
        int start = alignment == 0 ? 0 : alignment + 1;
        int end = (alignment + bytes.Length) * 8 / 6;
        return Convert.ToBase64String([.. new byte[alignment], .. bytes])[start..end];
    }

    private static IEnumerable<(string, byte[])> HashesOf(string value)
    {
        foreach ((string form, string text) in new[] { ("SHA-256", value), ("SHA-256 in quotes", $"\"{value}\"") })
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
            yield return (form, hash);
            yield return (form + ", hexadecimal", Encoding.UTF8.GetBytes(Convert.ToHexStringLower(hash)));
            yield return (form + ", upper hexadecimal", Encoding.UTF8.GetBytes(Convert.ToHexString(hash)));
            yield return (form + ", base64", Encoding.UTF8.GetBytes(Convert.ToBase64String(hash)[..^2]));
        }
    }
}
