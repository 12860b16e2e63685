using System.Globalization;
using System.Text;
using PolicyLayer.Auditing.Verification;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>Prints the last lines of a log, and those that come, over rotations of its file.</summary>
internal sealed class LogFollower : IDisposable
{
    // A line's number and the hash before it: no two files of a log begin alike.
    private const int BeginningLength = 96;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly bool _asJson;
    private readonly CommandEnvironment _environment;
    private FileStream _file;
    private long _printed;

    public LogFollower(string path, bool asJson, CommandEnvironment environment)
    {
        _path = path;
        _asJson = asJson;
        _environment = environment;
        _file = LogFiles.Open(path);
    }

    public void Dispose() => _file.Dispose();

    public async Task PrintLastAsync(int lines, CancellationToken cancellationToken)
    {
        _file.Position = LogTail.Find(_file, lines);
        await PrintNewAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Prints what comes, until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(BetweenLooks, _environment.Time, cancellationToken).ConfigureAwait(false);
            FileStream? next = OpenNext();
            await PrintNewAsync(cancellationToken).ConfigureAwait(false);
            if (next is not null)
            {
                await _file.DisposeAsync().ConfigureAwait(false);
                _file = next;
                await PrintNewAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The file that stands at the path now, if it is another one. The old one is then as long as it ever gets.</summary>
    private FileStream? OpenNext()
    {
        byte[] beginning = BeginningOf(_file);
        FileStream? next = null;
        try
        {
            next = AuditLogFile.OpenRead(_path);
            if (!BeginningOf(next).AsSpan().SequenceEqual(beginning))
            {
                return next;
            }
        }
        catch (IOException)
        {
            // Between the file's renaming and the next one's making there is none.
        }

        next?.Dispose();
        return null;
    }

    private static byte[] BeginningOf(FileStream file)
    {
        var beginning = new byte[BeginningLength];
        return beginning[..RandomAccess.Read(file.SafeFileHandle, beginning, 0)];
    }

    // What was read of a line without an end isn't kept: a sink that opens the file cuts it off.
    private async Task PrintNewAsync(CancellationToken cancellationToken)
    {
        long start = _file.Position;
        var reader = new AuditLogReader(_file);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line && !reader.IsAtEnd(line))
        {
            Print(line);
        }

        _file.Position = start + reader.Consumed;
    }

    private void Print(in AuditLogLine line)
    {
        LogRecord? record = line.Form == AuditLogLineForm.Whole ? LogRecord.Read(line.Bytes) : null;
        long? sequence = record?.Sequence;
        if (sequence <= _printed)
        {
            return;
        }

        if (_printed > 0 && sequence > _printed + 1)
        {
            _environment.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Records {_printed + 1} to {sequence - 1} aren't in this file: they stand in rotated ones, or are missing. "
                + $"Help: `policylayer audit verify` says which."));
        }

        _printed = sequence ?? _printed;
        Write(line, record);
        _environment.Output.Flush();
    }

    private void Write(in AuditLogLine line, LogRecord? record)
    {
        if (!_asJson)
        {
            _environment.Output.Write(Encoding.UTF8.GetBytes(RecordText.Of(record) + "\n"));
            return;
        }

        if (record is null)
        {
            _environment.Error.WriteLine($"`{PlainTable.OneLine(_path)}`: a line is no line of a log and was left out.");
            return;
        }

        // A program gets the bytes that the hash is of; a terminal is steered by none of them.
        ReadOnlySpan<byte> bytes = line.Bytes.Span;
        _environment.Output.Write(_environment.TerminalWidth is null ? bytes : JsonLineText.Escape(bytes));
        _environment.Output.Write("\n"u8);
    }
}
