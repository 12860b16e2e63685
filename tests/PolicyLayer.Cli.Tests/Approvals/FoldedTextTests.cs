using System.Text;
using PolicyLayer.Cli.Output;
using Spectre.Console.Rendering;

namespace PolicyLayer.Tests.Cli.Approvals;

public sealed class FoldedTextTests
{
    [Fact]
    public void A_line_that_fits_stands_as_it_is() => Assert.Equal("  short\n", Fold("  short", 40));

    [Fact]
    public void A_long_one_is_broken_at_a_space_and_says_that_it_goes_on() => Assert.Equal(
        "  why      The treasurer has to ↩\n        look at payments above ↩\n        500.\n",
        Fold("  why      The treasurer has to look at payments above 500.", 33));

    [Fact]
    public void One_without_spaces_is_broken_where_it_ends_and_none_of_it_is_lost()
    {
        string[] lines = Fold("args = " + new string('x', 60), 30).TrimEnd('\n').Split('\n');
        Assert.Equal([30, 30, 25], lines.Select(line => line.Length));
        Assert.All(lines[..^1], line => Assert.EndsWith("↩", line, StringComparison.Ordinal));
        Assert.All(lines[1..], line => Assert.StartsWith("        x", line, StringComparison.Ordinal));
    }

    /// <summary>What is folded and put together again is the text; no line is wider than the terminal, and no mark is torn apart.</summary>
    [Fact]
    public void Nothing_is_lost_and_no_mark_is_torn()
    {
        string[] parts = ["a", " ", "<U+202E>", "日", "e\u0301", "🙂", "long_word_that_goes_on", "<", "0"];
        var random = new Random(20260101);
        for (int i = 0; i < 2_000; i++)
        {
            int width = random.Next(24, 60);
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => parts[random.Next(parts.Length)]));
            string folded = Fold(text, width);
            Assert.Equal(text, folded.TrimEnd('\n').Replace("↩\n        ", ""));
            Assert.All(folded.TrimEnd('\n').Split('\n'), line => Assert.InRange(new Segment(line).CellCount(), 0, width));
            Assert.Equal(Count(text), folded.Split('\n').Sum(Count));
        }
    }

    /// <summary>Letters of some alphabets join without end: no line is as wide as they are many.</summary>
    [Fact]
    public void What_joins_without_end_is_folded()
    {
        string text = string.Concat(Enumerable.Repeat("\u0D4E", 1_000)) + string.Concat(Enumerable.Repeat("\u0D4E🙂", 100));
        string folded = Fold(text, 30);
        Assert.Equal(text, folded.TrimEnd('\n').Replace("↩\n        ", ""));
        Assert.All(folded.TrimEnd('\n').Split('\n'), line => Assert.InRange(new Segment(line).CellCount(), 0, 30));
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(folded)));
    }

    private static int Count(string text) => text.Split("<U+202E>").Length - 1;

    private static string Fold(string text, int width)
    {
        var folded = new StringBuilder();
        FoldedText.AppendLine(folded, text, width);
        return folded.ToString();
    }
}
