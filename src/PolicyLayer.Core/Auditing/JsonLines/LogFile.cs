using Microsoft.Win32.SafeHandles;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>A file of a log. Tests let it fail.</summary>
internal class LogFile(SafeFileHandle handle) : IDisposable
{
    public virtual long Length => RandomAccess.GetLength(handle);

    /// <summary>Reads as many bytes as there are from there on, up to the buffer's length.</summary>
    public int Read(Span<byte> buffer, long offset)
    {
        int length = 0;
        while (length < buffer.Length && RandomAccess.Read(handle, buffer[length..], offset + length) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public virtual void SetLength(long length) => RandomAccess.SetLength(handle, length);

    /// <summary>Waits until all that was written is on the disk.</summary>
    public virtual void Sync() => RandomAccess.FlushToDisk(handle);

    public virtual void Dispose()
    {
        handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
