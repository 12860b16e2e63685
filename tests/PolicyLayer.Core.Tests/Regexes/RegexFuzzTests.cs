using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

public class RegexFuzzTests
{
    private static readonly string[] Tokens =
    [
        "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", ".", "\\", "-", ",", ":", "<", ">", "=", "!", "P", "p", "i", "m", "s",
        "x", "u", "d", "D", "b", "B", "z", "Z", "A", "L", "0", "1", "9", "1000", "a", " ", "\n", "#", "&", "'", "(?", "(?:", "(?i)",
        "(?<n>", "[^", "\\p{L}", "\\x{", "\\u", "D83D", "DE00", "😀", "\ud83d", "\ude00", "[:alpha:]", "é", "\u212a",
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

    [Fact]
    public void No_damage_makes_a_pattern_crash_or_cost_more_than_its_budget()
    {
        var patterns = RegexDialectTests.Patterns();
        for (var seed = 0; seed < RegexPairs.Count(10_000, 1_000_000); seed++)
        {
            var random = new Random(seed);
            var pattern = random.Next(2) == 0 ? patterns[random.Next(patterns.Length)] : new RandomRegex(random).Next().Pattern;
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                pattern = Damage(pattern, random);
            }

            var compiled = RegexDialect.Compile(pattern);

            if (compiled.IsValid)
            {
                var work = 1_000_000L;
                compiled.Regex.IsMatch("aA1 \né😀\u212a-]aaaaab"u8, ref work);
            }
            else
            {
                AssertWellFormed(pattern, compiled.Error);
            }
        }
    }

    private static string Damage(string pattern, Random random)
    {
        var at = random.Next(pattern.Length + 1);
        var end = Math.Min(pattern.Length, at + random.Next(4));
        return random.Next(4) switch
        {
            0 => pattern.Remove(at, end - at),
            1 => pattern.Insert(at, pattern[at..end]),
            2 => pattern.Insert(at, Tokens[random.Next(Tokens.Length)]),
            _ => pattern[..at] + Tokens[random.Next(Tokens.Length)] + pattern[end..],
        };
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
    public void Thousands_of_astral_sets_are_told_apart()
    {
        var characters = Enumerable.Range(0, 1_000).Select(i => char.ConvertFromUtf32(0x10000 + (2 * i))).ToArray();
        var regex = RegexDialect.Compile("^(?:" + string.Join('|', characters) + "){2}$").Regex!;

        Assert.All(characters, character => Assert.True(regex.IsMatch(character + characters[0])));
        Assert.False(regex.IsMatch("\U00010001" + characters[0]));
    }

    internal static void AssertWellFormed(string pattern, RegexError error)
    {
        Assert.InRange(error.Position, 0, pattern.Length);
        Assert.InRange(error.Length, 0, pattern.Length - error.Position);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.True(char.IsAsciiLetterUpper(error.Message[0]) || error.Message[0] == '`', error.Message);
    }
}
