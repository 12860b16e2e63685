using System.Globalization;
using System.Runtime.CompilerServices;
using PolicyLayer.Auditing;
using PolicyLayer.Auditing.Verification;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>The files of a log, read for what their lines say; whether they are what was written only <c>verify</c> tells.</summary>
internal sealed class LogFiles(IReadOnlyList<string> files)
{
    private string? _firstFaulty;
    private long _faulty;

    /// <summary>Ends the command where a file can't be read.</summary>
    /// <exception cref="CommandException">A file can't be read.</exception>
    public static void Check(IReadOnlyList<string> files)
    {
        foreach (string file in files)
        {
            Open(file).Dispose();
        }
    }

    /// <exception cref="CommandException">The file can't be read.</exception>
    public static FileStream Open(string file) => DocumentFile.Read(file, "name the files of the log", OpenFile);

    /// <summary>Every line that can be read, and what it says. A line stands until the next one is read.</summary>
    /// <param name="progress">Hears of each how many they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">A file can't be read.</exception>
    public async IAsyncEnumerable<(ReadOnlyMemory<byte> Line, LogRecord Record)> ReadAsync(
        IProgress<long> progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(files);
        long read = 0;
        foreach (string file in files)
        {
            using var reader = new AuditLogReader(Open(file));
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (line.Form == AuditLogLineForm.Whole && LogRecord.Read(line.Bytes) is { } record)
                {
                    yield return (line.Bytes, record);
                    progress.Report(++read);
                    continue;
                }

                if (line.Form != AuditLogLineForm.Torn || !AuditLogFile.IsBeingWritten(file))
                {
                    _faulty++;
                    _firstFaulty ??= string.Create(CultureInfo.InvariantCulture, $"{file}({line.Number})");
                }

                if (reader.IsAtEnd(line))
                {
                    break;
                }
            }
        }
    }

    // What isn't a file says so itself.
    private static FileStream OpenFile(string file)
    {
        try
        {
            return AuditLogFile.OpenRead(file);
        }
        catch (AuditLogException e)
        {
            throw new CommandException(PlainTable.OneLine(e.Message));
        }
    }

    /// <summary>Tells of lines that couldn't be read, and says the exit code.</summary>
    public int Report(CommandEnvironment environment)
    {
        if (_firstFaulty is not { } place)
        {
            return ExitCodes.Good;
        }

        string lines = _faulty == 1
            ? "1 line is no line of a log and was"
            : string.Create(CultureInfo.InvariantCulture, $"{_faulty} lines are no lines of a log and were");
        environment.Error.WriteLine($"{PlainTable.OneLine(place)}: {lines} left out. Help: `policylayer audit verify` says what is wrong.");
        return ExitCodes.Bad;
    }
}
