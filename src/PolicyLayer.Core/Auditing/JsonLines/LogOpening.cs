using System.Buffers;
using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>Opens a log to go on with it: finds where it stands, and cuts off what a writer that died left half written.</summary>
internal static class LogOpening
{
    private const string WayOut = "Keep it for whoever looks into it, and write to another file.";

    // What a line begins with: a file without a whole line is a log's only if it has no more than this to show.
    private static ReadOnlySpan<byte> LineBeginning => "{\"sequence\":"u8;

    /// <summary>Opens.</summary>
    /// <returns>The active file, whole; its length; and where the log stands.</returns>
    public static (LogFile File, long Length, LogHead Head) Open(LogFiles files, LineHash hash, TimeProvider time)
    {
        int latest = files.Latest();
        LogFile file = files.OpenActive();
        try
        {
            // Between opening and locking the file may have been rotated away by the writer that had it.
            if (files.Latest() != latest)
            {
                throw new IOException($"The log `{files.Active}` is written by another sink.");
            }

            LogTail tail = LogTail.Read(file) ?? throw NoLog(files.Active);
            LogHead head = tail.LastLine is { } line ? HeadOf(line, files.Active, hash) : HeadBefore(files, latest, hash);
            if (tail.Torn.Length == 0)
            {
                return (file, tail.WholeLength, head);
            }

            if (tail.LastLine is null && !MayBeginLine(tail.Torn))
            {
                throw NoLog(files.Active);
            }

            (long length, head) = Recover(file, tail.WholeLength, head, hash, time);
            return (file, length, head);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static LogHead HeadBefore(LogFiles files, int latest, LineHash hash)
    {
        if (latest == 0)
        {
            return LogHead.None;
        }

        string path = files.Rotated(latest);
        using LogFile rotated = files.OpenRotated(latest);
        return LogTail.Read(rotated) is { LastLine: { } line, Torn.Length: 0 } ? HeadOf(line, path, hash) : throw NoLog(path);
    }

    private static LogHead HeadOf(byte[] line, string path, LineHash hash)
    {
        if (!ChainedLine.TryParse(line, out ChainedLine chained))
        {
            throw NoLog(path);
        }

        if (chained.KeyId is null && hash.CurrentKeyId is not null)
        {
            throw new AuditLogException($"The log `{path}` is written without keys, and keys were given. Write to another file.");
        }

        if (chained.KeyId is not null && hash.CurrentKeyId is null)
        {
            throw new AuditLogException(
                $"The log `{path}` is written with keys, and none were given. Give them, or write to another file.");
        }

        if (!hash.Knows(chained.KeyId))
        {
            throw new AuditLogException(
                $"The last line of the log `{path}` is hashed with a key that isn't among those given. Add it, or write to another file.");
        }

        return hash.Fits(chained)
            ? new LogHead(chained.Sequence, chained.Hash.ToArray())
            : throw new AuditLogException(
                $"The last line of the log `{path}` was changed, or a key of that id is another: its hash doesn't fit. {WayOut}");
    }

    // The line that tells of the cut is written over the torn one before the rest goes: at no moment is anything cut off untold.
    private static (long Length, LogHead Head) Recover(LogFile file, long whole, LogHead head, LineHash hash, TimeProvider time)
    {
        var line = new ArrayBufferWriter<byte>();
        byte[] text = AuditRecordJson.WriteRecovery(line, head, hash, time.GetUtcNow(), file.Length - whole);
        line.Write("\n"u8);
        file.Write(line.WrittenSpan, whole);
        long length = whole + line.WrittenCount;
        file.SetLength(length);
        file.Sync();
        return (length, new LogHead(head.Sequence + 1, text));
    }

    private static bool MayBeginLine(ReadOnlySpan<byte> torn) =>
        !torn.ContainsAnyExcept((byte)0)
        || torn[..Math.Min(torn.Length, LineBeginning.Length)].SequenceEqual(LineBeginning[..Math.Min(torn.Length, LineBeginning.Length)]);

    private static AuditLogException NoLog(string path) =>
        new($"The end of the file `{path}` is no line of a log, or was changed. {WayOut}");
}
