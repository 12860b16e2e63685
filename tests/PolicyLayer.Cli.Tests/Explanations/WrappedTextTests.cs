using System.Text;
using PolicyLayer.Cli.Output;
using Spectre.Console.Rendering;

namespace PolicyLayer.Tests.Cli.Explanations;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(80)]
    public void A_line_that_fits_stands_as_it_is(int width) =>
        Assert.Equal("    7 /tools/x: true,\n", Wrap("    7 /tools/x: true,", width));

    [Fact]
    public void A_long_one_is_broken_at_spaces_and_goes_on_deeper() => Assert.Equal(
        "    7 /tools/x: true,\n        it is so\n",
        Wrap("    7 /tools/x: true, it is so", 23));

    [Fact]
    public void What_has_no_spaces_is_never_broken()
    {
        string pointer = "/tools/" + new string('x', 100);
        Assert.Equal($"    it is\n        {pointer}:\n        true\n", Wrap($"    it is {pointer}: true", 30));
    }

    [Fact]
    public void The_number_of_a_step_stays_with_its_pointer()
    {
        string pointer = "/tools/" + new string('x', 100);
        Assert.Equal($"    10 {pointer}:\n        true\n", Wrap($"    10 {pointer}: true", 30));
    }

    [Fact]
    public void Nothing_is_lost_and_every_line_that_could_be_broken_fits()
    {
        string[] parts = ["a", " ", "  ", "<U+202E>", "日本", "e\u0301", "🙂", "long_word_that_goes_on"];
        var random = new Random(20260102);
        for (int i = 0; i < 1_000; i++)
        {
            int width = random.Next(8, 60);
            string text = "    x" + string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => parts[random.Next(parts.Length)]));
            string wrapped = Wrap(text, width);
            Assert.Equal(text, wrapped.TrimEnd('\n').Replace("\n        ", " "));
            Assert.All(
                wrapped.TrimEnd('\n').Split('\n'),
                line => Assert.True(ColumnsOf(line) <= width || ColumnsOf(line[..(line.LastIndexOf(' ') + 1)]) <= 8, line));
        }
    }

    private static int ColumnsOf(string text) => new Segment(text).CellCount();

    private static string Wrap(string text, int width)
    {
        var wrapped = new StringBuilder();
        WrappedText.AppendLine(wrapped, text, width);
        return wrapped.ToString();
    }
}
