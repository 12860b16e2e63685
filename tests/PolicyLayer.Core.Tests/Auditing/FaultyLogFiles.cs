using Microsoft.Win32.SafeHandles;
using PolicyLayer.Auditing.JsonLines;

namespace PolicyLayer.Tests.Auditing;

/// <summary>Files of a log on a disk that fails when a test says so.</summary>
internal sealed class FaultyLogFiles(string path) : LogFiles(path)
{
    /// <summary>How many more bytes fit the disk; a write that needs more leaves as many and fails.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>How many more bytes the checkpoints have room for.</summary>
    public long CheckpointRoom { get; set; } = long.MaxValue;

    public bool CanCut { get; set; } = true;

    public bool CanSync { get; set; } = true;

    public bool CanRename { get; set; } = true;

    public bool CanCreate { get; set; } = true;

    public bool CanDelete { get; set; } = true;

    public int Syncs { get; private set; }

    public int Writes { get; private set; }

    /// <summary>Held back, writes wait.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set when a write begins.</summary>
    public ManualResetEventSlim Entered { get; } = new();

    public override LogFile OpenActive()
    {
        base.OpenActive().Dispose();
        return new FaultyFile(this, FileMode.Open);
    }

    public override LogFile CreateActive()
    {
        Fail(!CanCreate);
        return new FaultyFile(this, FileMode.CreateNew);
    }

    public override LogFile OpenCheckpoints() => new FaultyCheckpoints(
        this, File.OpenHandle(Checkpoints, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    public override void Rotate(int number)
    {
        Fail(!CanRename);
        base.Rotate(number);
    }

    public override void Delete(int number)
    {
        Fail(!CanDelete);
        base.Delete(number);
    }

    private static void Fail(bool fails)
    {
        if (fails)
        {
            throw new IOException("The disk fails.");
        }
    }

    private sealed class FaultyFile(FaultyLogFiles files, SafeFileHandle handle) : LogFile(handle)
    {
        public FaultyFile(FaultyLogFiles files, FileMode mode)
            : this(files, File.OpenHandle(files.Active, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
        }

        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            files.Entered.Set();
            files.Gate.Wait();
            files.Writes++;
            int length = (int)Math.Min(bytes.Length, files.Room);
            base.Write(bytes[..length], offset);
            files.Room -= length;
            Fail(length < bytes.Length);
        }

        public override void SetLength(long length)
        {
            Fail(!files.CanCut);
            base.SetLength(length);
        }

        public override void Sync()
        {
            Fail(!files.CanSync);
            files.Syncs++;
        }
    }

    private sealed class FaultyCheckpoints(FaultyLogFiles files, SafeFileHandle handle) : LogFile(handle)
    {
        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            int length = (int)Math.Min(bytes.Length, files.CheckpointRoom);
            base.Write(bytes[..length], offset);
            Fail(length < bytes.Length);
        }
    }
}
