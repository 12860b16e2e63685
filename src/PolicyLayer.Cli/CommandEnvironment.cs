using System.Globalization;

namespace PolicyLayer.Cli;

/// <summary>What a command reads from and writes to.</summary>
internal sealed class CommandEnvironment
{
    private const int DefaultWidth = 120;

    public required Stream Input { get; init; }

    public required Stream Output { get; init; }

    /// <summary>Takes findings and progress; ends lines with <c>\n</c>.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Reads the columns of the terminal that shows the output, which may change; null when it isn't shown by one.</summary>
    public Func<int?> ReadTerminalWidth { get; init; } = static () => null;

    /// <summary>The columns that the terminal has now; null when the output isn't shown by one.</summary>
    public int? TerminalWidth => ReadTerminalWidth();

    public bool UsesColor { get; init; }

    /// <summary>Whether a person at a terminal reads standard error, and may see there how far work has come.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Whether a person at a terminal reads the output and types the input.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The login name of whoever runs the command.</summary>
    public string UserName { get; init; } = Environment.UserName;

    /// <summary>Reads a variable of the process; null when it isn't set.</summary>
    public Func<string, string?> GetVariable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Cancelled right before the process is ended, whatever still waits.</summary>
    public CancellationToken Last { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The width of text: the terminal's, else that of the variable <c>COLUMNS</c>, else 120.</summary>
    public int TextWidth => TerminalWidth
        ?? (int.TryParse(GetVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns > 0
            ? columns
            : DefaultWidth);
}
