using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Tests.Cli.Approvals;

public sealed partial class VisibleTextTests
{
    [Theory]
    [InlineData("rm \u202Etxt.exe", "rm <U+202E>txt.exe")]
    [InlineData("a\u200Bb\u200D\u2060\uFEFFc", "a<U+200B>b<U+200D><U+2060><U+FEFF>c")]
    [InlineData("a\nb\r\t\0\u007F\u0085\u001B[2J", "a<U+000A>b<U+000D><U+0009><U+0000><U+007F><U+0085><U+001B>[2J")]
    [InlineData("a\u00A0b\u2003c\u3000", "a<U+00A0>b<U+2003>c<U+3000>")]
    [InlineData("soft\u00ADhyphen \u2028 \u2029", "soft<U+00AD>hyphen <U+2028> <U+2029>")]
    [InlineData("\u3164\u115F\u2800\u034F", "<U+3164><U+115F><U+2800><U+034F>")]
    [InlineData("\uFE0F\U000E0041\U000E0100", "<U+FE0F><U+E0041><U+E0100>")]
    [InlineData("\uE000\uFFFF\U0010FFFF", "<U+E000><U+FFFF><U+10FFFF>")]
    [InlineData("\u0301 e\u0301 =\u0338", "<U+0301> e\u0301 =<U+0338>")]
    [InlineData("e\u200B\u0301", "e<U+200B><U+0301>")]
    [InlineData("a\u20DD", "a<U+20DD>")]
    [InlineData("goes on ↩", "goes on <U+21A9>")]
    [InlineData("é 日本 🙂 שלום नमस्ते", "é 日本 🙂 שלום नमस्ते")]
    [InlineData("a < b <U> U+202E x<n+1 ‹a› ＜b＞", "a < b <U> U+202E x<n+1 ‹a› ＜b＞")]
    [InlineData("a\U0001D159\U00013441\U00013442\U00016FE4\uFFFC", "a<U+1D159><U+13441><U+13442><U+16FE4><U+FFFC>")]
    [InlineData("\u1112\u1161\u11AB 한", "\u1112\u1161\u11AB 한")]
    [InlineData("\u1161 \u11AB 하\u11AB", "<U+1161> <U+11AB> 하<U+11AB>")]
    [InlineData("\u1112\u11AB\u1112\u1112\u1161\u1161\u0301", "\u1112<U+11AB>\u1112<U+1112><U+1161><U+1161><U+0301>")]
    [InlineData("\uA960\uD7B0\uD7CB\uD7CB", "\uA960\uD7B0\uD7CB<U+D7CB>")]
    [InlineData("i\u0307 j\u0307 ı\u0307 і\u0307 i\u0323\u0307 e\u0307", "i<U+0307> j<U+0307> ı<U+0307> і<U+0307> i\u0323<U+0307> e\u0307")]
    [InlineData("e\u0301\u0302\u0303\u0304x\u0301", "e\u0301\u0302<U+0303><U+0304>x\u0301")]
    public void What_deceives_the_eye_is_marked_and_what_people_write_is_not(string text, string expected) =>
        Assert.Equal(expected, VisibleText.Of(text));

    /// <summary>Not a row of data: the runner's own text of one has no halves.</summary>
    [Fact]
    public void Half_a_surrogate_pair_is_marked() => Assert.Equal("a<U+D800>b<U+DC00>", VisibleText.Of("a\uD800b\uDC00"));

    [Theory]
    [InlineData("<U+202E>", "<U+003C>U+202E>")]
    [InlineData("<u+202e>", "<U+003C>u+202e>")]
    [InlineData("<<U+0041>", "<<U+003C>U+0041>")]
    public void What_looks_like_a_mark_is_marked(string text, string expected)
    {
        Assert.Equal(expected, VisibleText.Of(text));
        Assert.Equal(expected, VisibleText.OfName(text));
    }

    [Theory]
    [InlineData("＜U+202E＞", "<U+FF1C>U+202E＞")]
    [InlineData("‹U+202E›", "<U+2039>U+202E›")]
    [InlineData("〈Ｕ＋202E〉", "<U+3008>Ｕ＋202E〉")]
    [InlineData("<Ս+202E>", "<U+003C>Ս+202E>")]
    [InlineData("<U＋202E>", "<U+003C>U＋202E>")]
    [InlineData("<𝐔+202E>", "<U+003C>𝐔+202E>")]
    public void Letters_that_look_like_those_of_a_mark_are_marked(string text, string expected) =>
        Assert.Equal(expected, VisibleText.Of(text));

    [Theory]
    [InlineData("run", "run")]
    [InlineData("s1 (from host)", "\"s1 (from host)\"")]
    [InlineData("", "\"\"")]
    [InlineData("\"a\\\"", "\"\\\"a\\\\\\\"\"")]
    [InlineData("a \u00A0", "\"a <U+00A0>\"")]
    public void A_name_that_other_words_may_be_taken_for_is_quoted(string name, string expected) =>
        Assert.Equal(expected, VisibleText.OfQuotedName(name));

    [Theory]
    [InlineData("run_code", "run_code")]
    [InlineData("r\u0443n", "r<U+0443>n")]
    [InlineData("é🙂\u007F\t", "<U+00E9><U+1F642><U+007F><U+0009>")]
    public void In_names_all_beyond_ASCII_is_marked(string name, string expected) => Assert.Equal(expected, VisibleText.OfName(name));

    /// <summary>Marks read back give the text: no two texts are shown alike.</summary>
    [Fact]
    public void No_two_texts_are_shown_alike()
    {
        const string Alphabet = "<<<UUu+++02E>>a＜i\u0307\u1112\u1161\u11AB \u202E\u200B\uD83D\uDE42\uD800\u0301\n↩é";
        var random = new Random(20260101);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            foreach (string visible in (string[])[VisibleText.Of(text), VisibleText.OfName(text)])
            {
                Assert.Equal(text, Mark().Replace(visible, match => TextOf(match.Groups[1].Value)));
                Assert.DoesNotMatch("[\u202E\u200B\n↩]|<u\\+", visible);
            }
        }
    }

    private static string TextOf(string digits)
    {
        int code = int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Rune.IsValid(code) ? new Rune(code).ToString() : ((char)code).ToString();
    }

    [GeneratedRegex("<U\\+([0-9A-F]{4,6})>")]
    private static partial Regex Mark();
}
