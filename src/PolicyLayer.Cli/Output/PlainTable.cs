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
            table.AddColumn(new TableColumn(new Text(column)));
        }

        return table;
    }

    public static Text Cell(string? text, Color? color = null) =>
        new(OneLine(text ?? ""), color is { } foreground ? new Style(foreground) : null);

    /// <summary>Names come from agents and policies: their control characters must not reach a terminal.</summary>
    public static string OneLine(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
            }
        });

    public static void Write(Table table, CommandEnvironment environment)
    {
        using var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = environment.UsesColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = environment.UsesColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = environment.TerminalWidth ?? PipeWidth;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);

        // The border draws blank lines and pads the last column.
        var lines = text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);
        environment.Output.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        environment.Output.Flush();
    }
}
