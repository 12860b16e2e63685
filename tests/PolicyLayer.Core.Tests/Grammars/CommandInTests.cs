using System.Text;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>The operator <c>command_in</c>, as <c>data/command_in.json</c> says.</summary>
public sealed class CommandInTests
{
    private const int Mebibyte = 1 << 20;

    public static TheoryData<GrammarRow> Rows() => GrammarRow.Read("command_in.json");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Script_is_judged_as_the_table_says(GrammarRow row) => row.Holds(
        CommandIn.FindProblem,
        (script, patterns) => CommandIn.Judge(script, patterns, mustHold: true),
        (script, patterns) => CommandIn.Judge(script, patterns, mustHold: false));

    [Theory]
    [InlineData("*", true)]
    [InlineData(" ** ", true)]
    [InlineData("./*", true)]
    [InlineData("ls *", false)]
    [InlineData("ls", false)]
    [InlineData("'*'", false)]
    [InlineData("\\*\\*", false)]
    public void Pattern_that_names_no_program_is_told(string pattern, bool namesNone)
    {
        Assert.Null(CommandIn.FindProblem(Encoding.UTF8.GetBytes(pattern)));
        Assert.Equal(namesNone, CommandIn.NamesNoProgram(Encoding.UTF8.GetBytes(pattern)));
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_unjudgeable() =>
        Assert.All(
            (byte[][])[[.. "ls '"u8, 0xFF, (byte)'\''], [.. "ls '"u8, 0xE2, 0x84, (byte)'\''], [.. "ls \\"u8, 0xC3], [0xC3]],
            text => Assert.Equal(
                Judgement.Unjudgeable, CommandIn.Judge(text, GrammarRow.ListOf("**"u8.ToArray()).Patterns, mustHold: true)));

    /// <summary>But for names beyond ASCII: only optimised code reads the table of <see cref="NameFolding"/> in place.</summary>
    [Fact]
    public void Judging_allocates_nothing()
    {
        TextList patterns = GrammarRow.ListOf((string[])["git \"status\"", "LS", "ls *", "cat ./*", "rm **"]);
        byte[][] all = [.. GrammarRow.ReadAll("command_in.json").Where(row => row.Text is not null).Select(row => row.Utf8Text)];
        byte[][] scripts = [.. all.Where(script => !script.AsSpan().StartsWith("'\u212a"u8))];
        GrammarCosts.AreNone(() =>
        {
            foreach (byte[] script in scripts)
            {
                CommandIn.Judge(script, patterns.Patterns, mustHold: true);
                CommandIn.Judge(script, patterns.Patterns, mustHold: false);
            }
        });
    }

    [Fact]
    public void Reading_a_pattern_allocates_nothing()
    {
        byte[][] patterns = [.. GrammarRow.ReadAll("command_in.json").SelectMany(row => row.Utf8Patterns)];
        GrammarCosts.AreNone(() =>
        {
            foreach (byte[] pattern in patterns)
            {
                CommandIn.FindProblem(pattern);
            }
        });
    }

    /// <summary>What looks back or ahead farther than a word, or reads a word again for each step, would not end.</summary>
    [Theory]
    [InlineData("ls;", true)]
    [InlineData("ls a\n", true)]
    [InlineData("ls\n\n \n\t\n", true)]
    [InlineData("ls|ls||ls&&", false)]
    [InlineData("ls >/dev/null ", true)]
    [InlineData("ls .", true)]
    [InlineData(">/dev/null ", false)]
    [InlineData("a=", false)]
    [InlineData("a1", true)]
    [InlineData("''", true)]
    [InlineData("\"", true)]
    [InlineData("\\", true)]
    [InlineData(" ", false)]
    [InlineData("\n", false)]
    [InlineData("A+", true)]
    public void A_mebibyte_is_read_once(string part, bool isReadable)
    {
        byte[] script = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, Mebibyte / part.Length)));
        TextList patterns = GrammarRow.ListOf((string[])["ls **", "'' x **", "ls", "ls ./*"]);
        Judgement judged = CommandIn.Judge(script, patterns.Patterns, mustHold: false);
        Assert.Equal(isReadable, judged != Judgement.Unjudgeable);
        CommandIn.FindProblem(script);
    }
}
