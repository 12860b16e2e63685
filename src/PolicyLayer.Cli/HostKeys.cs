using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli;

/// <summary>Reads the host's keys. No message quotes what stands in them.</summary>
internal static class HostKeys
{
    /// <summary>Where they may stand in place of a file.</summary>
    public const string Variable = "POLICYLAYER_KEYS";

    /// <summary>The keys of a file, else of the variable; null where neither is given.</summary>
    /// <exception cref="CommandException">They can't be read, or are none.</exception>
    public static PolicyLayerKeys? Read(string? file, CommandEnvironment environment)
    {
        string source = file is null ? Variable : PlainTable.OneLine(file);
        try
        {
            if (file is not null)
            {
                return PolicyLayerKeys.ParseFile(file);
            }

            return environment.GetVariable(Variable) is { Length: > 0 } text ? PolicyLayerKeys.Parse(text) : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException($"`{source}`: {PlainTable.OneLine(e.Message)}");
        }
    }
}
