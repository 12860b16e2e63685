using System.Text;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>The operator <c>argv_in</c>, as <c>data/argv_in.json</c> says.</summary>
public sealed class ArgvInTests
{
    private const int Mebibyte = 1 << 20;

    public static TheoryData<GrammarRow> Rows() => GrammarRow.Read("argv_in.json");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Words_are_judged_as_the_table_says(GrammarRow row)
    {
        (byte[] text, int[] ends) = Laid(row.Words ?? []);
        row.Holds(ArgvIn.FindProblem, (_, patterns) => ArgvIn.Judge(new ArgumentWords(text, ends), patterns));
    }

    [Fact]
    public void Pattern_that_names_no_program_is_told()
    {
        Assert.True(ArgvIn.NamesNoProgram("**"u8));
        Assert.False(ArgvIn.NamesNoProgram("ls **"u8));
    }

    /// <summary>But for names beyond ASCII: only optimised code reads the table of <see cref="NameFolding"/> in place.</summary>
    [Fact]
    public void Judging_allocates_nothing()
    {
        TextList patterns = GrammarRow.ListOf((string[])["git \"status\"", "LS", "ls *", "cat ./*", "rm **"]);
        IEnumerable<string[]> all = GrammarRow.ReadAll("argv_in.json").Where(row => row.Words is not null).Select(row => row.Words!);
        (byte[] Text, int[] Ends)[] calls = [.. all.Where(words => words.Take(1).All(word => Ascii.IsValid(word))).Select(Laid)];
        GrammarCosts.AreNone(() =>
        {
            foreach ((byte[] text, int[] ends) in calls)
            {
                ArgvIn.Judge(new ArgumentWords(text, ends), patterns.Patterns);
            }
        });
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("../")]
    public void A_mebibyte_of_words_is_read_once(string word)
    {
        (byte[] text, int[] ends) = Laid(["ls", .. Enumerable.Repeat(word, Mebibyte / (word.Length + 1))]);
        Assert.Equal(Judgement.True, ArgvIn.Judge(new ArgumentWords(text, ends), GrammarRow.ListOf((string[])["ls ./x", "ls *"]).Patterns));
    }

    internal static (byte[] Text, int[] Ends) Laid(string[] words)
    {
        byte[][] utf8 = GrammarRow.Utf8(words);
        int[] ends = new int[utf8.Length];
        for (int i = 0; i < utf8.Length; i++)
        {
            ends[i] = utf8[i].Length + (i == 0 ? 0 : ends[i - 1]);
        }

        return ([.. utf8.SelectMany(word => word)], ends);
    }
}
