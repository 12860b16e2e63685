using System.Globalization;
using System.Text;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Tests.Cli.Output;

/// <summary>Tables keep to the width of the output, and words whole.</summary>
public sealed class PlainTableTests
{
    private const string Pointer = "/tools/mcp__stellify__run_code/require/0/conditions/12";
    private const string Message = "The limit `run_code_rate` of 10 per minute is used up. Try again in 31 seconds.";

    [Theory]
    [InlineData(84)]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(200)]
    public void Lines_keep_to_the_width_and_break_at_spaces(int width)
    {
        string[] lines = Show(new Command.Setup { Width = width }, ("a", Pointer, Message), ("b", "/default", "Short."));

        Assert.StartsWith("id ", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.Contains(lines, line => line.Split(' ').Contains(Pointer));
        Assert.All(Message.Split(' '), word => Assert.Contains(lines, line => line.Split(' ').Contains(word)));
        Assert.DoesNotContain(lines, line => line.EndsWith(' '));
    }

    [Fact]
    public void What_has_room_is_a_line_a_row() =>
        Assert.Equal(4, Show(new Command.Setup { Width = 200 }, ("a", Pointer, Message), ("b", "/default", "Short.")).Length);

    [Theory]
    [InlineData(40)]
    [InlineData(83)]
    public void What_has_no_room_is_a_paragraph_a_row(int width)
    {
        string[] lines = Show(new Command.Setup { Width = width }, ("a", Pointer, Message), ("b", "/default", ""));

        Assert.Equal(["id: a", "  rule: " + Pointer], lines[..2]);
        Assert.Equal(["id: b", "  rule: /default"], lines[^2..]);
        Assert.All(lines.Where(line => !line.Contains(Pointer, StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, width));
    }

    [Theory]
    [InlineData(null, 120)]
    [InlineData("100", 100)]
    [InlineData("0", 120)]
    [InlineData("wide", 120)]
    [InlineData("1000", 1000)]
    public void A_pipe_has_the_columns_that_its_variable_says(string? columns, int width)
    {
        var setup = new Command.Setup();
        if (columns is not null)
        {
            setup.Variables.Add("COLUMNS", columns);
        }

        Assert.Equal(
            Show(new Command.Setup { Width = width }, ("a", Pointer, Message)), Show(setup, ("a", Pointer, Message)));
    }

    [Fact]
    public void A_terminal_has_its_own_width_whatever_the_variable_says()
    {
        var setup = new Command.Setup { Width = 100, Variables = { ["COLUMNS"] = "200" } };

        Assert.Equal(Show(new Command.Setup { Width = 100 }, ("a", Pointer, Message)), Show(setup, ("a", Pointer, Message)));
    }

    [Fact]
    public void Wide_characters_and_colours_are_counted_as_they_are_shown()
    {
        var table = new PlainTable("a", "b");
        table.AddRow(PlainTable.Cell("漢字", isGood: true), PlainTable.Cell("x"));
        table.AddRow(PlainTable.Cell("no", isGood: false), PlainTable.Cell("y"));

        Assert.Equal(
            ["a     b", "───────", "\e[32m漢字\e[0m  x", "\e[31mno\e[0m    y"],
            Show(new Command.Setup { Width = 80, UsesColor = true }, table));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task A_call_of_long_names_is_shown_whole_at_any_width(int width)
    {
        string tool = "mcp__some_long_server_name__" + new string('t', 40);
        Command run = await Command.RunAsync(
            new Command.Setup { Variables = { ["COLUMNS"] = width.ToString(CultureInfo.InvariantCulture) } },
            "check",
            Command.Stellify,
            "--tool",
            tool);

        Assert.Contains(tool, run.Output, StringComparison.Ordinal);
        Assert.StartsWith("1 ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_first_table_without_room_on_calls_are_a_list_and_numbers_go_on()
    {
        string wide = new('w', 150);
        string[] lines =
            [.. Enumerable.Repeat("""{"tool":"x"}""", 100), $$"""{"tool":"{{wide}}"}""", """{"advance":"1s"}""", """{"tool":"x"}"""];
        string file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, lines);
        Command run = await Command.RunAsync("check", Command.Stellify, "--calls", file);
        File.Delete(file);

        Assert.StartsWith("#    tool ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"\n101 {wide}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  advance: ok\n102 x (default): deny ", run.Output, StringComparison.Ordinal);
    }

    private static string[] Show(Command.Setup setup, params (string Id, string Rule, string Message)[] rows)
    {
        var table = new PlainTable("id", "rule", "message");
        foreach ((string id, string rule, string message) in rows)
        {
            table.AddRow(PlainTable.Cell(id), PlainTable.Cell(rule), PlainTable.Cell(message));
        }

        return Show(setup, table);
    }

    private static string[] Show(Command.Setup setup, PlainTable table)
    {
        using var output = new MemoryStream();
        table.Write(setup.ToEnvironment(output, TextWriter.Null));
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
    }
}
