using PolicyLayer.Auditing;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of <c>audit proof</c> or <c>audit consistency</c>.</summary>
internal static class AuditProofRun
{
    // A checkpoint has some hundred bytes, and one a minute makes 200 MB in a year.
    private const long MaxOldLength = 256 * 1024 * 1024;

    public static Task<int> ProveInclusionAsync(
        string[] files, long sequence, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        LogFiles.Check(files);
        return ReportAsync(environment, async () => ProofOutput.Write(
            await AuditLogProver.ProveInclusionAsync(files, sequence, cancellationToken).ConfigureAwait(false), environment));
    }

    public static Task<int> ProveConsistencyAsync(
        string[] files, string old, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        LogFiles.Check(files);
        return ReportAsync(environment, async () =>
        {
            string checkpoint = await ReadOldAsync(old, cancellationToken).ConfigureAwait(false);
            ProofOutput.Write(
                await AuditLogProver.ProveConsistencyAsync(files, checkpoint, cancellationToken).ConfigureAwait(false), environment);
        });
    }

    private static async Task<int> ReportAsync(CommandEnvironment environment, Func<Task> prove)
    {
        try
        {
            await prove().ConfigureAwait(false);
            return ExitCodes.Good;
        }
        catch (AuditLogException e) when (e.Fault is { } fault)
        {
            await environment.Error.WriteLineAsync(VerificationOutput.TextOf(fault, fault.Message)).ConfigureAwait(false);
            await environment.Error.WriteLineAsync("Help: `policylayer audit verify` finds all that isn't as it was written.")
                .ConfigureAwait(false);
            return ExitCodes.Bad;
        }
        catch (AuditLogException e)
        {
            throw new CommandException(PlainTable.OneLine(e.Message));
        }
    }

    private static async Task<string> ReadOldAsync(string file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(LogFiles.Open(file));
        return reader.BaseStream.Length <= MaxOldLength
            ? await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false)
            : throw new CommandException($"`{PlainTable.OneLine(file)}` is too long. Help: give its last checkpoint alone.");
    }
}
