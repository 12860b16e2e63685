using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

public class RegexFuzzTests
{
    private static readonly string[] Tokens =
    [
        "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", ".", "\\", "-", ",", ":", "<", ">", "=", "!", "P", "p", "i", "m", "s", "x",
        "u", "d", "D", "b", "B", "z", "Z", "A", "L", "0", "1", "9", "1000", "a", " ", "\n", "#", "&", "'", "(?", "(?:", "(?i)", "(?<n>", "[^", "\\p{L}",
        "\\x{", "\\u", "D83D", "DE00", "😀", "\ud83d", "\ude00", "[:alpha:]", "é", "\u212a",
    ];

    [Property(MaxTest = 5_000)]
    public void No_pattern_makes_the_compiler_throw(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => Tokens[random.Next(Tokens.Length)]));

        var compiled = RegexDialect.Compile(pattern);

        if (compiled.IsValid)
        {
            compiled.Regex.IsMatch("aA1 \né😀\u212a-]");
        }
        else
        {
            AssertWellFormed(pattern, compiled.Error);
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?:")]
    [InlineData("[")]
    [InlineData("()*")]
    [InlineData("a*")]
    [InlineData("(?:a*)*")]
    [InlineData("a?|")]
    [InlineData("|")]
    [InlineData("x{0,1000}")]
    [InlineData("(?i)k")]
    [InlineData(@"[\p{L}\P{Lu}]")]
    [InlineData(@"\B")]
    [InlineData(@"(?m)^$")]
    [InlineData("[^😀]")]
    public void No_long_pattern_hangs_or_overflows(string part)
    {
        var pattern = string.Concat(Enumerable.Repeat(part, 4_096 / part.Length));

        var compiled = RegexDialect.Compile(pattern);

        compiled.Regex?.IsMatch(new string('a', 1_000) + "!😀");
        Assert.True(compiled.IsValid || compiled.Error.Message.Length > 0);
    }

    [Fact]
    public void More_astral_sets_than_symbols_are_refused_as_too_large()
    {
        var pattern = string.Concat(Enumerable.Range(0, 2_048).Select(i => char.ConvertFromUtf32(0x10000 + i)));

        var error = RegexDialect.Compile(pattern).Error;

        Assert.NotNull(error);
        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
    }

    internal static void AssertWellFormed(string pattern, RegexError error)
    {
        Assert.InRange(error.Position, 0, pattern.Length);
        Assert.InRange(error.Length, 0, pattern.Length - error.Position);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.True(char.IsAsciiLetterUpper(error.Message[0]) || error.Message[0] == '`', error.Message);
    }
}
