using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli;

/// <summary>Reads policies from files that a person names.</summary>
internal static class PolicyFile
{
    /// <summary>Loads a file, whatever is wrong with the document in it.</summary>
    /// <exception cref="CommandException">The file can't be read.</exception>
    public static PolicyLoadResult Load(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException($"`{PlainTable.OneLine(path)}` is a folder. Help: name files, as in `policies/*.json`.");
        }

        try
        {
            return Policy.LoadFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"`{PlainTable.OneLine(path)}` doesn't exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"`{PlainTable.OneLine(path)}` can't be read: {PlainTable.OneLine(e.Message)}");
        }
    }

    public static void WriteDiagnostics(PolicyLoadResult result, string path, TextWriter error)
    {
        foreach (PolicyDiagnostic finding in result.Diagnostics)
        {
            error.WriteLine(PlainTable.OneLine(finding.ToString(path)));
        }
    }
}
