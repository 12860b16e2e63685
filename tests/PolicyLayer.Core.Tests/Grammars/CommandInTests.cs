using System.Text;
using System.Text.Json;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>The operator <c>command_in</c>, as <c>data/command_in.json</c> says.</summary>
public sealed class CommandInTests
{
    private const int Mebibyte = 1 << 20;

    private static readonly JsonElement[] Rows = [.. GrammarRows.Read("command_in.json")];

    public static TheoryData<string[], string, string, string, string> Judged()
    {
        var data = new TheoryData<string[], string, string, string, string>();
        foreach (JsonElement row in Rows.Where(row => row.TryGetProperty("text", out _)))
        {
            string expected = row.GetProperty("expected").GetString()!;
            string inDeny = row.TryGetProperty("expectedInDeny", out JsonElement other) ? other.GetString()! : expected;
            data.Add(GrammarRows.Patterns(row), row.GetProperty("text").GetString()!, expected, inDeny, GrammarRows.Why(row));
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
    public void Script_is_judged_as_the_table_says(string[] patterns, string text, string expected, string inDeny, string why)
    {
        byte[][] utf8 = GrammarRows.Utf8(patterns);
        byte[] script = Encoding.UTF8.GetBytes(text);
        Assert.All(utf8, pattern => Assert.Null(CommandIn.FindProblem(pattern)));
        Assert.True(Of(expected) == CommandIn.Judge(script, new TextPatterns(utf8), mustHold: true), why);
        Assert.True(Of(inDeny) == CommandIn.Judge(script, new TextPatterns(utf8), mustHold: false), why);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Pattern_is_refused_for_what_stands_in_it(string pattern, string why) =>
        Assert.Equal(why, CommandIn.FindProblem(Encoding.UTF8.GetBytes(pattern)));

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
            text => Assert.Equal(Judgement.Unjudgeable, CommandIn.Judge(text, new TextPatterns(["**"u8.ToArray()]), mustHold: true)));

    /// <summary>But for names beyond ASCII: only optimised code reads the table of <see cref="NameFolding"/> in place.</summary>
    [Fact]
    public void Judging_allocates_nothing()
    {
        byte[][] patterns = GrammarRows.Utf8(["git \"status\"", "LS", "ls *", "cat ./*", "rm **"]);
        byte[][] all = GrammarRows.Utf8(Judged().Select(row => (string)row[1]));
        byte[][] scripts = [.. all.Where(script => !script.AsSpan().StartsWith("'\u212a"u8))];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (byte[] script in scripts)
            {
                CommandIn.Judge(script, new TextPatterns(patterns), mustHold: true);
                CommandIn.Judge(script, new TextPatterns(patterns), mustHold: false);
            }
        }
    }

    [Fact]
    public void Reading_a_pattern_allocates_nothing()
    {
        byte[][] patterns = GrammarRows.Utf8(Rows.SelectMany(GrammarRows.Patterns));
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (byte[] pattern in patterns)
            {
                CommandIn.FindProblem(pattern);
            }
        }
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
        byte[][] patterns = GrammarRows.Utf8(["ls **", "'' x **", "ls", "ls ./*"]);
        Judgement judged = CommandIn.Judge(script, new TextPatterns(patterns), mustHold: false);
        Assert.Equal(isReadable, judged != Judgement.Unjudgeable);
        CommandIn.FindProblem(script);
    }

    internal static Judgement Of(string expected) => Enum.Parse<Judgement>(expected, ignoreCase: true);
}
