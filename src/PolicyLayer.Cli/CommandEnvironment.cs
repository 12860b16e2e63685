namespace PolicyLayer.Cli;

/// <summary>What a command reads from and writes to.</summary>
internal sealed class CommandEnvironment
{
    public required Stream Input { get; init; }

    public required Stream Output { get; init; }

    /// <summary>Takes findings and progress; ends lines with <c>\n</c>.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The columns of the terminal that shows the output; null when it isn't shown by one.</summary>
    public int? TerminalWidth { get; init; }

    public bool UsesColor { get; init; }

    /// <summary>Reads a variable of the process; null when it isn't set.</summary>
    public Func<string, string?> GetVariable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
