using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli;

/// <summary>Reads documents from files that a person names.</summary>
internal static class DocumentFile
{
    /// <summary>Reads a file, whatever is wrong with the document in it.</summary>
    /// <exception cref="UnreadableFileException">The file can't be read.</exception>
    public static T Read<T>(string path, string folderHelp, Func<string, T> read)
    {
        if (Directory.Exists(path))
        {
            throw new UnreadableFileException(
                UnreadableFileException.Folder, $"`{PlainTable.OneLine(path)}` is a folder. Help: {folderHelp}.");
        }

        try
        {
            return read(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableFileException(UnreadableFileException.Missing, $"`{PlainTable.OneLine(path)}` doesn't exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnreadableFileException(
                UnreadableFileException.Unreadable, $"`{PlainTable.OneLine(path)}` can't be read: {PlainTable.OneLine(e.Message)}");
        }
    }

    public static void WriteDiagnostics(IReadOnlyList<PolicyDiagnostic> findings, string path, TextWriter error)
    {
        foreach (PolicyDiagnostic finding in findings)
        {
            error.WriteLine(PlainTable.OneLine(finding.ToString(path)));
        }
    }
}
