using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyLayer.Regexes;

/// <summary>The regex dialect of a policy: what RE2 and ECMAScript share, over code points, in linear time.</summary>
internal static class RegexDialect
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly RegexError TooLarge = new(
        0, 0, "The pattern is too large for the engine", "lower the repetition counts, or split the pattern over several rules");

    /// <summary>Compiles a pattern, or says why it is refused. Never throws, whatever the pattern. The caller bounds its length.</summary>
    public static RegexCompilation Compile(string pattern)
    {
        var parser = new RegexParser(pattern);
        if (parser.Parse() is { } error)
        {
            return new RegexCompilation(error);
        }

        CodePointSet[] sets = parser.Pieces.Select(piece => piece.Set).OfType<CodePointSet>().Distinct().ToArray();
        if (AstralAlphabet.For(sets) is not { } astral)
        {
            return TooLargeFor(pattern);
        }

        Dictionary<CodePointSet, string> rendered = sets.ToDictionary(set => set, set => Render(set, astral));
        string translated = string.Concat(parser.Pieces.Select(piece => piece.Set is null ? piece.Text : rendered[piece.Set]));
        try
        {
            return new RegexCompilation(new LinearRegex(new Regex(translated, Options, Regex.InfiniteMatchTimeout), astral));
        }
        catch (NotSupportedException)
        {
            return TooLargeFor(pattern);
        }
    }

    private static RegexCompilation TooLargeFor(string pattern) => new(TooLarge with { Length = pattern.Length });

    // Every member is written as \uXXXX, so that nothing of a pattern reaches the engine's own syntax.
    private static string Render(CodePointSet set, AstralAlphabet astral)
    {
        var text = new StringBuilder();
        int members = 0;
        void Append(int first, int last)
        {
            if (first > last)
            {
                return;
            }

            members += last - first + 1;
            text.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}");
            if (last > first)
            {
                text.Append(CultureInfo.InvariantCulture, $"-\\u{last:X4}");
            }
        }

        foreach ((int first, int last) in set.Ranges)
        {
            Append(first, Math.Min(last, 0xD7FF));
            Append(Math.Max(first, 0xE000), Math.Min(last, AstralAlphabet.First - 1));
        }

        foreach ((int first, int last) in astral.SymbolsOf(set).Ranges)
        {
            Append(first, last);
        }

        if (members == 0)
        {
            Append(AstralAlphabet.Nothing, AstralAlphabet.Nothing);
        }

        return members > 1 ? $"[{text}]" : text.ToString();
    }
}
