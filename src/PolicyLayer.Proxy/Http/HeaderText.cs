using System.Buffers;
using System.Text;

namespace PolicyLayer.Proxy.Http;

/// <summary>The texts of headers, and how the protocol writes in them what isn't plain.</summary>
internal static class HeaderText
{
    private const string Head = "=?base64?";
    private const string Tail = "?=";

    private static readonly SearchValues<char> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it may be a header's name.</summary>
    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Token);

    /// <summary>Whether it has only what a header has as it is: printable ASCII and tabs.</summary>
    public static bool IsPlain(string text) => text.All(c => c is '\t' or (>= ' ' and <= '~'));

    /// <summary>Whether it is ASCII that is seen, and not more of it than this.</summary>
    public static bool IsVisible(string text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && text.All(c => c is > ' ' and <= '~');

    /// <summary>What a header means; null for what can't be read.</summary>
    public static string? Decode(string text)
    {
        string value = text.Trim(' ', '\t');
        if (!IsPlain(value))
        {
            return null;
        }

        return value.Length >= Head.Length + Tail.Length && IsWrapped(value) ? Unwrap(value[Head.Length..^Tail.Length]) : value;
    }

    private static bool IsWrapped(string value) =>
        value.StartsWith(Head, StringComparison.Ordinal) && value.EndsWith(Tail, StringComparison.Ordinal);

    private static string? Unwrap(string base64)
    {
        var bytes = new byte[base64.Length];
        if (base64.Contains(' ', StringComparison.Ordinal) || !Convert.TryFromBase64String(base64, bytes, out int length))
        {
            return null;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
