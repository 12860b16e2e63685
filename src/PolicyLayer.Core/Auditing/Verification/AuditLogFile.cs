using PolicyLayer.Auditing.Files;

namespace PolicyLayer.Auditing.Verification;

/// <summary>Opens files of a log for reading, whether or not a sink is writing them.</summary>
internal static class AuditLogFile
{
    /// <exception cref="AuditLogException">It is a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">The file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static FileStream OpenRead(string path) => new(RegularFile.OpenRead(path), FileAccess.Read, bufferSize: 0);

    /// <summary>Whether a sink has the file open, so that a line without an end is one that is being written.</summary>
    public static bool IsBeingWritten(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
