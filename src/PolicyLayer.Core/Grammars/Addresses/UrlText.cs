using System.Buffers;
using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>An absolute URL that every reader cuts at the same places.</summary>
internal readonly ref struct UrlText
{
    private const ushort PlainPort = 80;
    private const ushort SecurePort = 443;

    private static readonly SearchValues<byte> NeverThere = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(control => (byte)control), 0x7F, (byte)'\\']);

    private UrlText(UrlScheme scheme, UrlAuthority authority, ReadOnlySpan<byte> path)
    {
        Scheme = scheme;
        Host = authority.Host;
        WrittenPort = authority.Port;
        Path = path;
        IsPathPlain = UrlPath.FindProblem(path) is null;
    }

    public UrlScheme Scheme { get; }

    public UrlHost Host { get; }

    /// <summary>The port that the URL leads to.</summary>
    public ushort Port => PortOf(Scheme);

    public ReadOnlySpan<byte> Path { get; }

    /// <summary>Whether every reader takes the path for the same place.</summary>
    public bool IsPathPlain { get; }

    private ushort WrittenPort { get; }

    /// <summary>The port that the URL would lead to under another scheme.</summary>
    public ushort PortOf(UrlScheme scheme)
    {
        if (WrittenPort != 0)
        {
            return WrittenPort;
        }

        return scheme is UrlScheme.Http or UrlScheme.Ws ? PlainPort : SecurePort;
    }

    public static bool TryRead(ReadOnlySpan<byte> text, out UrlText url)
    {
        url = default;
        if (HasSpaceOrControl(text) || !TryReadScheme(text, out UrlScheme scheme, out ReadOnlySpan<byte> rest))
        {
            return false;
        }

        int authorityEnd = EndOf(rest, rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#'));
        if (!UrlAuthority.TryRead(rest[..authorityEnd], out UrlAuthority authority) || HasUserInfoAfterAll(rest, authorityEnd))
        {
            return false;
        }

        ReadOnlySpan<byte> path = rest[authorityEnd..];
        url = new UrlText(scheme, authority, path[..EndOf(path, path.IndexOfAny((byte)'?', (byte)'#'))]);
        return true;
    }

    /// <summary>The scheme of a text that has one of the four before <c>://</c>, and what follows.</summary>
    public static bool TryReadScheme(ReadOnlySpan<byte> text, out UrlScheme scheme, out ReadOnlySpan<byte> rest)
    {
        int colon = text.IndexOf((byte)':');
        rest = colon < 0 ? [] : text[(colon + 1)..];
        scheme = colon < 0 ? UrlScheme.Unnamed : SchemeOf(text[..colon]);
        if (scheme == UrlScheme.Unnamed || !rest.StartsWith("//"u8))
        {
            return false;
        }

        rest = rest[2..];
        return true;
    }

    private static UrlScheme SchemeOf(ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(name, "https"u8))
        {
            return UrlScheme.Https;
        }

        if (Ascii.EqualsIgnoreCase(name, "http"u8))
        {
            return UrlScheme.Http;
        }

        if (Ascii.EqualsIgnoreCase(name, "wss"u8))
        {
            return UrlScheme.Wss;
        }

        return Ascii.EqualsIgnoreCase(name, "ws"u8) ? UrlScheme.Ws : UrlScheme.Unnamed;
    }

    /// <summary>Older readers end an authority at <c>/</c> alone: <c>good.test?@bad.test</c> is the host <c>bad.test</c> to them.</summary>
    private static bool HasUserInfoAfterAll(ReadOnlySpan<byte> rest, int authorityEnd)
    {
        ReadOnlySpan<byte> longest = rest[..EndOf(rest, rest.IndexOf((byte)'/'))];
        return longest[authorityEnd..].Contains((byte)'@');
    }

    /// <summary>Whether it has what no reader should meet in a URL: white space, controls or a backslash.</summary>
    public static bool HasSpaceOrControl(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(NeverThere))
        {
            return true;
        }

        if (Ascii.IsValid(text))
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out Rune rune, out int length);
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                return true;
            }

            text = text[length..];
        }

        return false;
    }

    private static int EndOf(ReadOnlySpan<byte> text, int index) => index < 0 ? text.Length : index;
}
