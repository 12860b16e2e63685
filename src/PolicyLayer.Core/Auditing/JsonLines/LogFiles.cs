using PolicyLayer.Auditing.Checkpoints;
using PolicyLayer.Auditing.Files;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>
/// The files of a log: <c>NAME.jsonl</c>, which is written, and <c>NAME.000001.jsonl</c>, <c>NAME.000002.jsonl</c> …, which were before,
/// the oldest first. Tests let its operations fail.
/// </summary>
internal class LogFiles
{
    // On Unix only `None` keeps a second writer away, and only .NET readers with it. On Windows a file is renamed while it is open.
    private static readonly FileShare Sharing = OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.None;

    // Other programs read checkpoints, to keep them elsewhere: the log's own file keeps a second writer away from both.
    private static readonly FileShare CheckpointSharing =
        OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.ReadWrite | FileShare.Delete;

    private readonly string _folder;
    private readonly string _name;
    private readonly string _extension;

    public LogFiles(string path)
    {
        Active = Path.GetFullPath(path);
        _folder = Path.GetDirectoryName(Active) ?? "";
        _name = Path.GetFileNameWithoutExtension(Active);
        _extension = Path.GetExtension(Active);
    }

    /// <summary>The full path of the file that is written.</summary>
    public string Active { get; }

    /// <summary>The full path of the file of the checkpoints.</summary>
    /// <exception cref="AuditLogException">The log itself has that name.</exception>
    public string Checkpoints => CheckpointsPath.Of(Active);

    public string Rotated(int number) => Path.Combine(_folder, RotatedName.Of(_name, number) + _extension);

    /// <summary>The numbers of the rotated files that there are, in order, and of whatever else has such a name.</summary>
    public List<int> Numbers()
    {
        var numbers = new List<int>();
        foreach (string path in Directory.EnumerateFileSystemEntries(_folder))
        {
            if (NumberOf(Path.GetFileName(path)) is { } number)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    /// <summary>The number of the latest rotated file; 0 when there is none.</summary>
    public int Latest() => Numbers() is [.., var latest] ? latest : 0;

    /// <summary>The number of the next rotated file.</summary>
    /// <exception cref="AuditLogException">There is none left.</exception>
    public int Next() => Latest() is < int.MaxValue and var latest
        ? latest + 1
        : throw new AuditLogException(
            $"The log `{Active}` can't be rotated: `{Rotated(int.MaxValue)}` has the last number that there is. "
            + "Move it away if it is none of this log's files, or write to another file.");

    /// <summary>Opens the active file for this writer alone.</summary>
    /// <exception cref="IOException">It can't be opened, or another writer has it.</exception>
    public virtual LogFile OpenActive()
    {
        try
        {
            return Open(Active, FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            // Of another writer the system's words say neither that it may be of this process nor what to do.
            throw new IOException(
                $"The log `{Active}` can't be opened for writing. {e.Message} A log has one writer, of this process or of another one: "
                + "give each sink a file of its own.",
                e);
        }
    }

    /// <summary>Makes the active file, which doesn't exist, for this writer alone.</summary>
    public virtual LogFile CreateActive() => Open(Active, FileMode.CreateNew, FileAccess.ReadWrite, Sharing);

    /// <summary>Whether the file of the active one's name may be one of a length.</summary>
    public bool HasActive(long length) => Has(Active, length);

    /// <summary>Opens the file of the checkpoints, and makes it where there is none.</summary>
    public virtual LogFile OpenCheckpoints() => Open(Checkpoints, FileMode.OpenOrCreate, FileAccess.ReadWrite, CheckpointSharing);

    /// <summary>Whether the file of the checkpoints' name may be one of a length.</summary>
    public bool HasCheckpoints(long length) => Has(Checkpoints, length);

    /// <summary>Opens a rotated file for reading.</summary>
    /// <exception cref="AuditLogException">It can't be read, or isn't a file.</exception>
    public LogFile OpenRotated(int number)
    {
        string path = Rotated(number);
        try
        {
            return new LogFile(RegularFile.OpenRead(path));
        }
        catch (Exception e) when (e is (IOException and not AuditLogException) or UnauthorizedAccessException)
        {
            throw new AuditLogException(
                $"The log `{Active}` goes on behind `{path}`, which can't be read. {e.Message} "
                + "Bring the file back, or write to another log.");
        }
    }

    /// <summary>Makes the active file a rotated one.</summary>
    public virtual void Rotate(int number)
    {
        // A plain rename, which is whole or nothing: .NET's careful form makes a second name first. Nobody else makes files of this log.
        string rotated = Rotated(number);
        if (Path.Exists(rotated))
        {
            throw new AuditLogException($"The log `{Active}` can't be rotated: `{rotated}` is taken. Move that away.");
        }

        File.Move(Active, rotated, overwrite: true);
    }

    public virtual void Delete(int number) => File.Delete(Rotated(number));

    // Windows, which tells late how long an open file is, lets nobody else write it.
    private static bool Has(string path, long length) =>
        Target(new FileInfo(path)) is { Exists: true } file && (OperatingSystem.IsWindows() || file.Length == length);

    // A link's own length is that of its text.
    private static FileInfo? Target(FileInfo file) =>
        file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true);

    private static LogFile Open(string path, FileMode mode, FileAccess access, FileShare sharing)
    {
        var handle = File.OpenHandle(path, mode, access, sharing);
        try
        {
            RegularFile.Require(handle, path);
            return new LogFile(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private int? NumberOf(string file) =>
        file.EndsWith(_extension, StringComparison.Ordinal)
        && RotatedName.NumberOf(file[..^_extension.Length], out string name) is { } number
        && name == _name
            ? number
            : null;
}
