using System.Globalization;
using System.Text;
using Spectre.Console;

namespace PolicyLayer.Cli.Output;

/// <summary>Tables that stay readable when they are piped: a row is then one line, however long.</summary>
internal static class PlainTable
{
    private const int PipeWidth = 10_000;

    public static Table Create(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(column)));
        }

        return table;
    }

    public static Spectre.Console.Text Cell(string? text, Color? color = null) =>
        new(OneLine(text ?? ""), color is { } foreground ? new Style(foreground) : null);

    /// <summary>
    /// Names come from agents and policies: characters that steer a terminal, or reorder and hide what it shows, must not reach it.
    /// </summary>
    public static string OneLine(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.GetUnicodeCategory(source[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : source[i];
            }
        });

    /// <summary>
    /// Shows a table in the terminal's width, if it has one and the columns are wrapped to fit; else every row is one line.
    /// </summary>
    public static void Write(Table table, CommandEnvironment environment, bool wraps = true)
    {
        using var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = environment.UsesColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = environment.UsesColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = wraps && environment.TerminalWidth is { } columns ? columns : PipeWidth;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);

        // The border draws blank lines and pads the last column.
        var lines = text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);
        if (environment.TerminalWidth is { } width)
        {
            lines = lines.Select(line => line.Length > width && line.All(c => c == '─') ? line[..width] : line);
        }

        environment.Output.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        environment.Output.Flush();
    }
}
