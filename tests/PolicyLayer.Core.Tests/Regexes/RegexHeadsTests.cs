using System.Text;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

/// <summary>The search for beginnings of matches skips none, wherever in a text, a vector or the memory a match stands.</summary>
public class RegexHeadsTests
{
    public static TheoryData<string, string, string> Matches() => new()
    {
        { "a.{10}b", "a0123456789b", " z" },
        { "a.{10}b", "aé1漢3😀56789b", "é " },
        { "a.{10}b", "a123456789éb", "aé" },
        { @"\d{3}-\d{2}-\d{4}", "123-45-6789", "1-漢" },
        { "(?i)password|secret|token", "PassWord", "pste" },
        { "(?i)password|secret|token", "ſeCret", "sſ" },
        { "(?i)password|secret|token", "to\u212Aen", "to\u212A" },
        { @"[\w.]+@[\w.]+", "a@b", "@é" },
        { @"(?i)\bdrop\s+table\b", "drop \n table", " é" },
        { "(?m)^#[a-z]", "\n#q", "# é" },
        { "[éè]x|abcdef", "èx", "é " },
        { "[éè]x|abcdef", "abcdef", "abc" },
        { "[é界]q.", "界qé", "界é" },
        { "[ab]é.c", "bé漢c", "abé" },
        { "x(?:[ab]?){64}[cd]", "xc", "xab" },
        { "(?:a|bc|def|ghij|klmno|pqrstu)[01]{2}", "pqrstu01", "abcdefghij0é" },
        { "(?:https?|ftp)://[^\\s/]+\\.(?:ru|cn)", "ftp://漢.cn", "http:/" },
        { "[ab][cd]$", "bd", "ac" },
    };

    [Theory]
    [MemberData(nameof(Matches))]
    public void A_match_is_found_wherever_it_stands(string pattern, string match, string fillers)
    {
        var regexes = new[] { 0, 2_000, 64 * 1024 }.Select(bytes => Compile(pattern, bytes)).ToArray();
        foreach (var before in Enumerable.Range(0, 110))
        {
            foreach (var after in pattern.EndsWith('$') ? [0] : new[] { 0, 1, 11, 12, 43, 60 })
            {
                var text = Fill(fillers, before, match) + match + Fill(fillers, after, match);
                Assert.All(regexes, regex => Assert.True(regex.IsMatch(text), text));
                var miss = text[..text.LastIndexOf(match, StringComparison.Ordinal)] + match[..^1] + (match[^1] < 0x80 ? "\n" : "");
                Assert.All(regexes, regex => Assert.False(regex.IsMatch(miss), miss));
            }
        }
    }

    [Fact]
    public void Vectors_find_the_place_that_is_found_without_and_none_behind_a_beginning()
    {
        var searched = 0;
        for (var seed = 0; seed < RegexPairs.Count(4_000, 200_000); seed++)
        {
            var random = new Random(seed);
            Assert.Null(new RegexParser(new RandomRegex(random).Next().Pattern, maxRanges: long.MaxValue).Parse(out var syntax));
            var builder = RegexHeadsBuilder.Of(RegexProgramCompiler.Compile(syntax));
            if (builder.Length < 2)
            {
                continue;
            }

            var heads = new RegexHeads(new RegexHeadPlaces(builder.Ways));
            for (var i = 0; i < 4; i++)
            {
                var text = RandomText(random);
                var found = heads.IndexIn(text);
                Assert.True(found == FindInParts(heads, text), $"seed {seed}, text {i}");
                Assert.True((uint)found <= (uint)FindBeginning(builder, text), $"seed {seed}, text {i}");
                searched++;
            }
        }

        Assert.True(searched > 1_000, $"{searched} texts");
    }

    /// <summary>With vectors and without: else what a text costs would hang on the machine.</summary>
    [Fact]
    public void No_place_fits_where_the_text_ends_too_early_for_a_match()
    {
        new RegexParser("a.{6}[bd]", maxRanges: 100).Parse(out var syntax);
        var heads = new RegexHeads(new RegexHeadPlaces(RegexHeadsBuilder.Of(RegexProgramCompiler.Compile(syntax)).Ways));
        Assert.All(Enumerable.Range(0, 80), i => Assert.Equal(-1, heads.IndexIn(Encoding.UTF8.GetBytes(new string('z', i) + "aé"))));
    }

    /// <summary>A place hangs on twelve bytes at most, which are too few for a vector.</summary>
    private static int FindInParts(RegexHeads heads, byte[] text) => Enumerable.Range(0, text.Length)
        .Where(at => heads.IndexIn(text.AsSpan(at, Math.Min(RegexHeadsBuilder.MaxLength, text.Length - at))) == 0)
        .DefaultIfEmpty(-1)
        .First();

    /// <summary>Where the characters are those of a match, by their first bytes.</summary>
    private static int FindBeginning(RegexHeadsBuilder builder, byte[] text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var ways = 0xFF;
            var (end, characters) = (at, 0);
            for (; characters < builder.Length && end < text.Length; characters++)
            {
                ways &= builder.Ways[(characters * 256) + text[end]];
                Rune.DecodeFromUtf8(text.AsSpan(end), out _, out var length);
                end += length;
            }

            if (characters == builder.Length && ways != 0)
            {
                return at;
            }
        }

        return -1;
    }

    private static byte[] RandomText(Random random)
    {
        var letters = Enumerable.Range(0, 3).Select(_ => RandomRegex.Alphabet[random.Next(RandomRegex.Alphabet.Length)]).ToArray();
        var rare = random.Next(1, 20);
        var text = Enumerable.Range(0, random.Next(150)).Select(_ => letters[random.Next(rare) == 0 ? random.Next(3) : 0]);
        return Encoding.UTF8.GetBytes(string.Concat(text.Select(char.ConvertFromUtf32)));
    }

    private static string Fill(string fillers, int length, string match)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => fillers[i % fillers.Length]));
        Assert.DoesNotContain(match, text, StringComparison.Ordinal);
        return text;
    }

    private static LinearRegex Compile(string pattern, int bytesPerRegex) =>
        RegexDialect.Compile(pattern, RegexDialect.DefaultMaxStates, new RegexMemory(bytesPerRegex, 16 * 1024 * 1024)).Regex!;
}
