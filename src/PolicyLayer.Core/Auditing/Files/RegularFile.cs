using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PolicyLayer.Auditing.Files;

/// <summary>
/// Opens files of a log, or documents, and nothing else: who opens a pipe waits for its writer, and who reads a device may read for ever.
/// </summary>
/// <remarks>
/// A sink holds its file by an advisory lock on Unix, which .NET takes for reading too: a reader would be refused while a sink writes, and
/// a sink that starts would be refused while one reads. Opened by the operating system's own call, a file is read without a lock.
/// </remarks>
internal static class RegularFile
{
    private const string Log = "log";

    // As stat(2) has the type of a file, beside its mode.
    private const int TypeMask = 0xF000;
    private const int Pipe = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int Folder = 0x4000;
    private const int BlockDevice = 0x6000;
    private const int Regular = 0x8000;
    private const int Socket = 0xC000;

    // statx(2): the handle itself, its type alone, and where the answer has it.
    private const int EmptyPath = 0x1000;
    private const uint TypeAlone = 1;
    private const int ModeInStatx = 28;

    // stat(2) of macOS, with inodes of 64 bits.
    private const int ModeInStat = 4;

    // More than either answer has.
    private const int AnswerLength = 512;

    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int NoDevice = 6;
    private const int AccessDenied = 13;

    // O_CLOEXEC, O_NONBLOCK and O_NOCTTY; O_RDONLY is 0.
    private static readonly int? ReadFlags = FlagsOf(linux: 0x80900, mac: 0x1020004);

    /// <summary>Opens a file for reading, whether or not a sink is writing it. Waits for nobody.</summary>
    /// <param name="path">The file.</param>
    /// <param name="noun">What it should be, for messages.</param>
    /// <exception cref="AuditLogException">It is a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">The file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static SafeFileHandle OpenRead(string path, string noun = Log)
    {
        SafeFileHandle handle = ReadFlags is { } flags
            ? OpenUnlocked(path, flags, noun)
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Require(handle, path, noun);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Throws where what was opened isn't a file. INVARIANT: asks the handle; another file may stand at the path by now.</summary>
    /// <exception cref="AuditLogException">It is a pipe, a device or a socket.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder.</exception>
    public static void Require(SafeFileHandle handle, string path, string noun = Log)
    {
        int type = TypeOf(handle);
        if (type == Folder)
        {
            throw new UnauthorizedAccessException($"`{path}` is a folder, and a {noun} is a regular file.");
        }

        if (type != Regular)
        {
            throw NoFile(path, type, noun);
        }
    }

    private static int? FlagsOf(int linux, int mac)
    {
        if (OperatingSystem.IsLinux())
        {
            return linux;
        }

        return OperatingSystem.IsMacOS() ? mac : null;
    }

    private static SafeFileHandle OpenUnlocked(string path, int flags, string noun)
    {
        byte[] full = Encoding.UTF8.GetBytes(Path.GetFullPath(path) + '\0');
        int descriptor;
        do
        {
            descriptor = Open(full, flags);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw ErrorOf(path, Marshal.GetLastPInvokeError(), noun);
    }

    private static Exception ErrorOf(string path, int error, string noun)
    {
        string message = $"{Marshal.GetPInvokeErrorMessage(error)}: `{path}`";
        return error switch
        {
            NoEntry => new FileNotFoundException(message, path),
            NotPermitted or AccessDenied => new UnauthorizedAccessException(message),
            NoDevice => NoFile(path, Socket, noun),
            _ => new IOException(message),
        };
    }

    private static AuditLogException NoFile(string path, int type, string noun)
    {
        string what = type switch
        {
            Pipe => "a pipe",
            CharacterDevice or BlockDevice => "a device",
            Socket => "a socket",
            _ => "a pipe or a device",
        };
        return new AuditLogException($"`{path}` is {what}, and a {noun} is a regular file.");
    }

    private static int TypeOf(SafeFileHandle handle)
    {
        var answer = new byte[AnswerLength];
        try
        {
            if (OperatingSystem.IsLinux() && Statx(handle, [0], EmptyPath, TypeAlone, answer) == 0)
            {
                return BitConverter.ToUInt16(answer, ModeInStatx) & TypeMask;
            }

            if (OperatingSystem.IsMacOS() && StatOfMac(handle, answer) == 0)
            {
                return BitConverter.ToUInt16(answer, ModeInStat) & TypeMask;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
        }

        return HasLength(handle) ? Regular : 0;
    }

    // What is known of a handle elsewhere: pipes and terminals have none.
    private static bool HasLength(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle) >= 0;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static int StatOfMac(SafeFileHandle handle, byte[] answer) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Fstat64(handle, answer) : Fstat(handle, answer);

    [DllImport("libc", EntryPoint = "open", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(SafeFileHandle handle, byte[] path, int flags, uint mask, byte[] answer);

    [DllImport("libc", EntryPoint = "fstat", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fstat(SafeFileHandle handle, byte[] answer);

    [DllImport("libc", EntryPoint = "fstat$INODE64", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fstat64(SafeFileHandle handle, byte[] answer);
}
