using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace PolicyLayer.Documents;

/// <summary>
/// A document's bytes in a buffer of the shared pool, copied, encoded or read once, and given back when the document is compiled.
/// Of one that is too large, there may be only as much as shows that.
/// </summary>
internal sealed class DocumentBytes : IDisposable
{
    private byte[] _buffer;
    private int _count;

    private DocumentBytes(int capacity)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    }

    public ArraySegment<byte> Bytes => new(_buffer, 0, _count);

    public static DocumentBytes Copy(ReadOnlySpan<byte> utf8, int maxBytes)
    {
        ReadOnlySpan<byte> enough = utf8[..(int)Math.Min(utf8.Length, maxBytes + 1L)];
        var document = new DocumentBytes(enough.Length) { _count = enough.Length };
        enough.CopyTo(document._buffer);
        return document;
    }

    /// <summary>Encodes a text up to what only text can have wrong, half of a surrogate pair.</summary>
    public static DocumentBytes Encode(string text, out bool isWhole)
    {
        var document = new DocumentBytes(Encoding.UTF8.GetByteCount(text));
        OperationStatus status = Utf8.FromUtf16(text, document._buffer, out _, out document._count, replaceInvalidSequences: false);
        isWhole = status == OperationStatus.Done;
        return document;
    }

    /// <summary>A file's bytes; of one that is too large, one more than is allowed.</summary>
    public static DocumentBytes ReadFile(string path, int maxBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

        // What has no length, such as a pipe, says 0; the byte more shows that the end is reached without growing.
        long length = stream.CanSeek ? stream.Length : 0;
        var document = new DocumentBytes((int)Math.Min(Math.Min(length, maxBytes) + 1, Array.MaxLength));
        try
        {
            document.Read(stream, maxBytes);
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>INVARIANT: whoever reads the bytes afterwards finds none, as others use the buffer.</summary>
    public void Dispose()
    {
        byte[] rented = _buffer;
        _buffer = [];
        _count = 0;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Read(FileStream stream, int maxBytes)
    {
        long enough = maxBytes + 1L;
        while (_count < enough)
        {
            if (_count == _buffer.Length)
            {
                Grow();
            }

            int read = stream.Read(_buffer, _count, (int)Math.Min(_buffer.Length, enough) - _count);
            if (read == 0)
            {
                break;
            }

            _count += read;
        }
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _buffer.Length, Array.MaxLength));
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
