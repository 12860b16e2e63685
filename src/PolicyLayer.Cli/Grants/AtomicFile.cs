namespace PolicyLayer.Cli.Grants;

/// <summary>Replaces files whole: written beside, flushed to the disk, renamed.</summary>
internal static class AtomicFile
{
    /// <param name="path">The file, no link; it keeps its permissions.</param>
    /// <param name="content">All that it holds afterwards.</param>
    /// <exception cref="IOException">The folder or the disk refuses; the file is the old one.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder refuses; the file is the old one.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                if (!OperatingSystem.IsWindows() && File.Exists(path))
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(path));
                }

                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
