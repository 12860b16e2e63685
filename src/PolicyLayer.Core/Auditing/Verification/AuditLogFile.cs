using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PolicyLayer.Auditing.Verification;

/// <summary>Opens files of a log for reading, whether or not a sink is writing them.</summary>
/// <remarks>
/// A sink holds its file by an advisory lock on Unix, which .NET takes for reading too: a reader would be refused while a sink writes, and
/// a sink that starts would be refused while one reads. Opened by the operating system's own call, a file is read without a lock.
/// </remarks>
internal static class AuditLogFile
{
    /// <exception cref="IOException">The file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static FileStream OpenRead(string path)
    {
        if (!OperatingSystem.IsWindows() && path.Length > 0 && !path.Contains('\0') && !Directory.Exists(path))
        {
            int descriptor = Open(Encoding.UTF8.GetBytes(Path.GetFullPath(path) + '\0'), CloseOnExecute());
            if (descriptor >= 0)
            {
                return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
            }
        }

        // Says, where the call above failed, why.
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

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

    // 0 besides is O_RDONLY everywhere.
    private static int CloseOnExecute()
    {
        if (OperatingSystem.IsLinux())
        {
            return 0x80000;
        }

        return OperatingSystem.IsMacOS() ? 0x1000000 : 0;
    }

    [DllImport("libc", EntryPoint = "open", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
