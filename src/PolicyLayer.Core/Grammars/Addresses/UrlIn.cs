using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars.Addresses;

/// <summary><c>url_in</c>: whether a URL leads to a listed host, by its text: redirects and what a name resolves to aren't seen.</summary>
internal static class UrlIn
{
    /// <summary>Why a pattern can't be read, in a few words; null if it can.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> pattern) => UrlPattern.Read(pattern, out _);

    public static Judgement Judge(ReadOnlySpan<byte> text, TextPatterns patterns)
    {
        if (!UrlText.TryRead(text, out UrlText url))
        {
            return Judgement.Unjudgeable;
        }

        Nearness nearest = Nearness.Apart;
        foreach (ReadOnlySpan<byte> written in patterns)
        {
            nearest = nearest.Or(UrlPattern.Read(written, out UrlPattern pattern) is null ? pattern.Compare(url) : Nearness.Near);
        }

        return nearest.ToJudgement();
    }
}
