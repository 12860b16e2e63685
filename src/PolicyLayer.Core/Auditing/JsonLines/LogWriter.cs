using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>
/// Writes the lines of a log, several with one write, and rotates its files. What fails leaves the log as it was, or is mended before the
/// next write, which fails if it can't be. Used by one thread at a time.
/// </summary>
internal sealed class LogWriter
{
    private const int MostBytesAWrite = 1024 * 1024;

    private readonly LogFiles _files;
    private readonly LineHash _hash;
    private readonly TimeProvider _time;
    private readonly bool _syncs;
    private readonly bool _syncsEachWrite;
    private readonly long _maxBytes;
    private readonly TimeSpan? _maxAge;
    private readonly int? _keep;
    private readonly CheckpointWriter? _checkpoints;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _lines = new();

    // INVARIANT: the file's first `_length` bytes are whole lines up to the head, and, unless `_isTorn`, it has no more.
    private LogFile _file;
    private long _length;
    private LogHead _head;
    private DateTimeOffset? _firstTime;

    // Where the log will stand when the lines that wait in the buffer are written.
    private LogHead _next;
    private DateTimeOffset? _nextFirstTime;

    private bool _isTorn;
    private bool _isUnsynced;
    private bool _hasSyncFailed;
    private bool _hasCheckpointFailed;
    private bool _isFull;
    private bool _isRenamed;

    /// <summary>Opens the log.</summary>
    public LogWriter(JsonLinesAuditSinkOptions options, LogFiles files)
    {
        _files = files;
        _hash = new LineHash(options.Keys);
        _time = options.TimeProvider;
        _syncs = options.DiskSync != AuditDiskSync.Never;
        _syncsEachWrite = options.DiskSync == AuditDiskSync.EachWrite;
        _maxBytes = options.MaxBytes ?? long.MaxValue;
        _maxAge = options.MaxAge;
        _keep = options.Keep;
        if (_maxAge is not null || options.MaxBytes is not null)
        {
            // Said at once, not by the call whose record would be the first of the next file.
            _ = files.Next();
        }

        (_file, _length, _head) = LogOpening.Open(files, _hash, _time);
        try
        {
            _firstTime = _maxAge is null || _length == 0 ? null : ReadFirstTime() ?? _time.GetUtcNow();
            _checkpoints = options.Signer is null ? null : CheckpointOpening.Open(options, files, _head, _hash);
            _next = _head;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Whether lines were written that the disk may not have yet, and that it is to have.</summary>
    public bool IsSyncDue => _syncs && _isUnsynced;

    /// <summary>Whether lines were written that no checkpoint signs, and that one is to sign.</summary>
    public bool IsCheckpointDue => _checkpoints is { IsDue: true };

    /// <summary>Before the lines of a write: mends what failed before, and rotates if it is time.</summary>
    public async ValueTask BeginAsync()
    {
        _lines.ResetWrittenCount();
        _checkpoints?.Forget();
        (_next, _nextFirstTime) = (_head, _firstTime);
        Mend();
        RequireOwnFile();
        if (_hasSyncFailed)
        {
            Sync();
        }

        if (_hasCheckpointFailed)
        {
            await CheckpointAsync().ConfigureAwait(false);
        }

        if (_isRenamed || (_length > 0 && (_isFull || IsOld())))
        {
            await RotateAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Adds a record to the write; false when it has to go into the next one.</summary>
    public bool TryAdd(AuditRecord record)
    {
        if (_lines.WrittenCount >= MostBytesAWrite)
        {
            return false;
        }

        byte[] text = AuditRecordJson.Write(_line, _next, _hash, record);
        long length = _length + _lines.WrittenCount;
        if (length > 0 && length + _line.WrittenCount + 1 > _maxBytes)
        {
            _isFull = true;
            return false;
        }

        if (length == 0 && _maxAge is not null)
        {
            _nextFirstTime = record.Time ?? _time.GetUtcNow();
        }

        _checkpoints?.Add(_line.WrittenSpan);
        _lines.Write(_line.WrittenSpan);
        _lines.Write("\n"u8);
        _next = new LogHead(_next.Sequence + 1, text);
        return true;
    }

    /// <summary>Writes what was added: all of it, or none, when it throws.</summary>
    public void Commit()
    {
        if (_lines.WrittenCount == 0)
        {
            return;
        }

        _isTorn = true;
        try
        {
            _file.Write(_lines.WrittenSpan, _length);
            if (_syncsEachWrite)
            {
                _file.Sync();
            }
        }
        catch
        {
            TryMend();
            throw;
        }

        _isTorn = false;
        _isUnsynced = !_syncsEachWrite;
        _length += _lines.WrittenCount;
        (_head, _firstTime) = (_next, _nextFirstTime);
        _checkpoints?.Commit();
    }

    /// <summary>Forces what was written to the disk. Once it has failed, nothing is written until it succeeds.</summary>
    public void Sync()
    {
        _hasSyncFailed = true;
        _file.Sync();
        _hasSyncFailed = false;
        _isUnsynced = false;
    }

    /// <summary>
    /// Has a checkpoint written, where lines are there that none signs. Once that has failed, nothing is written until it succeeds.
    /// </summary>
    public async ValueTask CheckpointAsync()
    {
        if (_checkpoints is not { IsDue: true })
        {
            return;
        }

        _hasCheckpointFailed = true;
        if (_isUnsynced)
        {
            // INVARIANT: no machine that loses power keeps a checkpoint and loses the lines that it signs.
            Sync();
        }

        await _checkpoints.WriteAsync(_head).ConfigureAwait(false);
        _hasCheckpointFailed = false;
    }

    /// <summary>Closes the files, whatever fails.</summary>
    public async ValueTask CloseAsync()
    {
        try
        {
            TryMend();
            if (IsSyncDue)
            {
                Sync();
            }

            await CheckpointAsync().ConfigureAwait(false);
        }
        finally
        {
            _checkpoints?.Dispose();
            _file.Dispose();
        }
    }

    private void Mend()
    {
        if (_isTorn)
        {
            _file.SetLength(_length);
            _isTorn = false;
        }
    }

    // INVARIANT: no line goes where nobody finds it, or behind what another program wrote: `rm`, `mv` and `>` ask for no lock.
    private void RequireOwnFile()
    {
        if (!_isRenamed && (_file.Length != _length || !_files.HasActive(_length)))
        {
            throw new IOException($"The log `{_files.Active}` was changed, replaced or removed by another program.");
        }
    }

    // What can't be mended now is before the next write; when there is none, the next writer does it.
    private void TryMend()
    {
        try
        {
            Mend();
        }
        catch (IOException)
        {
        }
    }

    private bool IsOld() => _maxAge is { } maxAge && _firstTime is { } first && _time.GetUtcNow() - first >= maxAge;

    private async ValueTask RotateAsync()
    {
        if (!_isRenamed)
        {
            await CheckpointAsync().ConfigureAwait(false);
            if (IsSyncDue)
            {
                Sync();
            }

            _files.Rotate(_files.Next());
            _isRenamed = true;
        }

        // The old file stays locked until there is a new one: nobody else can have taken the log over in between.
        LogFile created = _files.CreateActive();
        _file.Dispose();
        (_file, _length, _firstTime, _nextFirstTime) = (created, 0, null, null);
        (_isRenamed, _isFull) = (false, false);
        DeleteOldest();
    }

    // A file that can't be deleted denies no call: the next rotation tries again.
    private void DeleteOldest()
    {
        if (_keep is not { } keep)
        {
            return;
        }

        try
        {
            _files.Numbers().SkipLast(keep).ToList().ForEach(TryDelete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private void TryDelete(int number)
    {
        try
        {
            _files.Delete(number);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private DateTimeOffset? ReadFirstTime()
    {
        var beginning = new byte[(int)Math.Min(_length, LineLength.Max + 1)];
        ReadOnlySpan<byte> read = beginning.AsSpan(0, _file.Read(beginning, 0));
        try
        {
            using JsonDocument line = JsonDocument.Parse(beginning.AsMemory(0, Math.Max(0, read.IndexOf((byte)'\n'))));
            return line.RootElement.TryGetProperty("time", out JsonElement time)
                && DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, out DateTimeOffset first)
                    ? first
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
