using System.Text;
using System.Text.Json;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>The operator <c>argv_in</c>, as <c>data/argv_in.json</c> says.</summary>
public sealed class ArgvInTests
{
    private const int Mebibyte = 1 << 20;

    private static readonly JsonElement[] Rows = [.. GrammarRows.Read("argv_in.json")];

    public static TheoryData<string[], string[], string, string> Judged()
    {
        var data = new TheoryData<string[], string[], string, string>();
        foreach (JsonElement row in Rows.Where(row => row.TryGetProperty("words", out _)))
        {
            data.Add(GrammarRows.Patterns(row), Words(row), row.GetProperty("expected").GetString()!, GrammarRows.Why(row));
        }

        return data;
    }

    public static TheoryData<string, string> Refused()
    {
        var data = new TheoryData<string, string>();
        foreach (JsonElement row in Rows.Where(row => row.TryGetProperty("refused", out _)))
        {
            data.Add(row.GetProperty("pattern").GetString()!, row.GetProperty("refused").GetString()!);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Judged))]
    public void Words_are_judged_as_the_table_says(string[] patterns, string[] words, string expected, string why)
    {
        byte[][] utf8 = GrammarRows.Utf8(patterns);
        Assert.All(utf8, pattern => Assert.Null(ArgvIn.FindProblem(pattern)));
        (byte[] text, int[] ends) = Laid(words);
        Assert.True(CommandInTests.Of(expected) == ArgvIn.Judge(new ArgumentWords(text, ends), new TextPatterns(utf8)), why);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Pattern_is_refused_for_what_stands_in_it(string pattern, string why) =>
        Assert.Equal(why, ArgvIn.FindProblem(Encoding.UTF8.GetBytes(pattern)));

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
        byte[][] patterns = GrammarRows.Utf8(["git \"status\"", "LS", "ls *", "cat ./*", "rm **"]);
        IEnumerable<string[]> ascii = Judged().Select(row => (string[])row[1]).Where(words => words.Take(1).All(w => Ascii.IsValid(w)));
        (byte[] Text, int[] Ends)[] calls = [.. ascii.Select(Laid)];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach ((byte[] text, int[] ends) in calls)
            {
                ArgvIn.Judge(new ArgumentWords(text, ends), new TextPatterns(patterns));
            }
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("../")]
    public void A_mebibyte_of_words_is_read_once(string word)
    {
        (byte[] text, int[] ends) = Laid(["ls", .. Enumerable.Repeat(word, Mebibyte / (word.Length + 1))]);
        Assert.Equal(Judgement.True, ArgvIn.Judge(new ArgumentWords(text, ends), new TextPatterns(GrammarRows.Utf8(["ls ./x", "ls *"]))));
    }

    internal static (byte[] Text, int[] Ends) Laid(string[] words)
    {
        byte[][] utf8 = GrammarRows.Utf8(words);
        int[] ends = new int[utf8.Length];
        for (int i = 0; i < utf8.Length; i++)
        {
            ends[i] = utf8[i].Length + (i == 0 ? 0 : ends[i - 1]);
        }

        return ([.. utf8.SelectMany(word => word)], ends);
    }

    private static string[] Words(JsonElement row) => [.. row.GetProperty("words").EnumerateArray().Select(word => word.GetString()!)];
}
