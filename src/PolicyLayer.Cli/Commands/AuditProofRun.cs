using PolicyLayer.Auditing;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of <c>audit proof</c> or <c>audit consistency</c>.</summary>
internal static class AuditProofRun
{
    // A checkpoint has some hundred bytes, and one a minute makes 200 MB in a year.
    private const long MaxOldLength = 256 * 1024 * 1024;

    public static async Task<int> ProveInclusionAsync(
        string[] files, long sequence, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        LogFiles.Check(files);
        try
        {
            (AuditInclusionProof? proof, AuditLogFault? fault) =
                await AuditLogProver.ProveInclusionAsync(files, sequence, cancellationToken).ConfigureAwait(false);
            if (proof is null)
            {
                return Report(fault!, environment);
            }

            ProofOutput.Write(proof, environment);
            return ExitCodes.Good;
        }
        catch (AuditLogException e)
        {
            throw new CommandException(PlainTable.OneLine(e.Message));
        }
    }

    public static async Task<int> ProveConsistencyAsync(
        string[] files, string old, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        LogFiles.Check(files);
        string oldCheckpoint = await ReadOldAsync(old, cancellationToken).ConfigureAwait(false);
        try
        {
            (AuditConsistencyProof? proof, AuditLogFault? fault) =
                await AuditLogProver.ProveConsistencyAsync(files, oldCheckpoint, cancellationToken).ConfigureAwait(false);
            if (proof is null)
            {
                return Report(fault!, environment);
            }

            ProofOutput.Write(proof, environment);
            return ExitCodes.Good;
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

    private static int Report(AuditLogFault fault, CommandEnvironment environment)
    {
        environment.Error.WriteLine(VerificationOutput.TextOf(fault, fault.Message));
        return ExitCodes.Bad;
    }
}
