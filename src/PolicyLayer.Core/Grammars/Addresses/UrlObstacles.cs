using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>Why <c>url_in</c> can't judge a URL: looked for only for the words of a denial.</summary>
internal static class UrlObstacles
{
    /// <summary>For a URL that <see cref="UrlIn.Judge"/> leaves unjudgeable.</summary>
    public static Obstacle Find(ReadOnlySpan<byte> text, TextPatterns patterns)
    {
        if (!UrlText.TryRead(text, out UrlText url))
        {
            return FindInText(text);
        }

        foreach (ReadOnlySpan<byte> written in patterns)
        {
            if (UrlPattern.Read(written, out UrlPattern pattern) is null && pattern.FindObstacle(url) is { } obstacle)
            {
                return obstacle;
            }
        }

        return Obstacle.Has("some readers take it for a listed one");
    }

    private static Obstacle FindInText(ReadOnlySpan<byte> text)
    {
        if (UrlText.HasSpaceOrControl(text))
        {
            return Obstacle.Has("white space, a control character or `\\`");
        }

        if (!UrlText.TryReadScheme(text, out _, out ReadOnlySpan<byte> rest))
        {
            return Obstacle.Needs("an absolute URL that begins with `https://`, `http://`, `wss://` or `ws://`");
        }

        int slash = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> authority = slash < 0 ? rest : rest[..slash];
        if (authority.Contains((byte)'@'))
        {
            return Obstacle.Has("`@` before its path, where a user's name would stand");
        }

        int end = authority.IndexOfAny((byte)'?', (byte)'#');
        return Obstacle.Has(Ascii.IsValid(end < 0 ? authority : authority[..end])
            ? "its host or port is empty or isn't in plain form"
            : "its host has characters beyond ASCII");
    }
}
