using PolicyLayer.Auditing;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of an <c>audit</c> command on the files of a log.</summary>
internal static class AuditRun
{
    public static async Task<int> VerifyAsync(
        AuditVerifyOptions options, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        LogFiles.Check(options.Files);
        AuditVerification found = await FindAsync(options, environment, cancellationToken).ConfigureAwait(false);
        if (found.Fault is { Kind: AuditFaultKind.KeysNeeded } fault)
        {
            if (options.Json)
            {
                VerificationOutput.Write(found, asJson: true, environment);
            }

            throw new CommandException(VerificationOutput.TextOf(found, fault));
        }

        VerificationOutput.Write(found, options.Json, environment);
        if (options.PublicKey is null && File.Exists(Path.ChangeExtension(options.Files[^1], ".checkpoints")))
        {
            await environment.Error.WriteLineAsync(
                "There are checkpoints beside the log, which weren't looked at. Help: `--public-key PEM` verifies them too.")
                .ConfigureAwait(false);
        }

        return found.IsGood ? ExitCodes.Good : ExitCodes.Bad;
    }

    public static async Task<int> HeadAsync(
        string[] files, bool asJson, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        LogFiles.Check(files);
        AuditVerification found = await AuditLogVerifier.FindHeadAsync(files, cancellationToken).ConfigureAwait(false);
        if (found.Fault is { } fault)
        {
            await environment.Error.WriteLineAsync(VerificationOutput.TextOf(found, fault)).ConfigureAwait(false);
            return ExitCodes.Bad;
        }

        VerificationOutput.WriteHead(found, asJson, environment);
        return ExitCodes.Good;
    }

    public static async Task<int> TailAsync(
        AuditTailOptions options, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        using var log = new LogFollower(options.File, options.Json, environment);
        try
        {
            await log.PrintLastAsync(options.Lines, cancellationToken).ConfigureAwait(false);
            if (options.Follows)
            {
                await log.FollowAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (options.Follows && cancellationToken.IsCancellationRequested)
        {
        }

        return ExitCodes.Good;
    }

    public static async Task<int> StatsAsync(
        string[] files, bool asJson, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var log = new LogFiles(files);
        var statistics = new LogStatistics();
        using (var progress = new ProgressLine(environment, "records", answersCome: false))
        {
            await foreach ((_, LogRecord record) in log.ReadAsync(progress, cancellationToken).ConfigureAwait(false))
            {
                statistics.Add(record);
            }
        }

        if (asJson)
        {
            StatisticsLines.Write(statistics, environment);
        }
        else
        {
            StatisticsTables.Write(statistics, environment);
        }

        return log.Report(environment);
    }

    public static async Task<int> ExportAsync(
        string[] files, RecordFilter filter, bool asCsv, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var log = new LogFiles(files);
        var output = new BufferedStream(environment.Output);
        if (asCsv)
        {
            output.Write(CsvRow.Header);
        }

        using (var progress = new ProgressLine(environment, "records", answersCome: true))
        {
            await foreach ((ReadOnlyMemory<byte> line, LogRecord record) in log.ReadAsync(progress, cancellationToken)
                .ConfigureAwait(false))
            {
                if (!filter.Includes(record))
                {
                    continue;
                }

                if (asCsv)
                {
                    output.Write(CsvRow.Of(record));
                }
                else
                {
                    output.Write(line.Span);
                    output.Write("\n"u8);
                }
            }
        }

        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return log.Report(environment);
    }

    private static async Task<AuditVerification> FindAsync(
        AuditVerifyOptions options, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(environment, "records", answersCome: false);
        var verifier = new AuditLogVerifier
        {
            Keys = HostKeys.Read(options.Keys, environment),
            After = options.After,
            Head = options.Head?.Hash,
            HeadRecords = options.Head?.Records,
            PublicKeys = options.PublicKey is { } file ? KeyFile.ReadPublic("--public-key", file) : null,
            Progress = progress,
        };
        return await verifier.VerifyAsync(options.Files, cancellationToken).ConfigureAwait(false);
    }
}
