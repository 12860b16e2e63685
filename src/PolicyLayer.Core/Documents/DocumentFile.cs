namespace PolicyLayer.Documents;

/// <summary>Reads documents from files, never more of one than a document may have.</summary>
internal static class DocumentFile
{
    /// <summary>A file's bytes; of one that is too large, one more than is allowed.</summary>
    public static ReadOnlySpan<byte> Read(string path, int maxBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

        // What has no length, such as a pipe, says 0; the byte more shows that the end is reached without growing.
        long length = stream.CanSeek ? stream.Length : 0;
        byte[] buffer = new byte[Math.Min(length, maxBytes) + 1];
        int count = 0;
        while (count <= maxBytes)
        {
            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * count, maxBytes + 1L));
            }

            int read = stream.Read(buffer, count, buffer.Length - count);
            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return buffer.AsSpan(0, count);
    }
}
