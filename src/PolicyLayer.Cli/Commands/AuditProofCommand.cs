using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>audit proof</c> and <c>audit consistency</c>: what convinces those who have no more of a log than a checkpoint.</summary>
internal static class AuditProofCommand
{
    public static Command CreateProof(CommandEnvironment environment)
    {
        Argument<string[]> files = AuditCommand.FilesArgument();
        files.CustomParser = static result =>
        {
            // The last one is the number.
            int count = result.Tokens.Count - 1;
            result.OnlyTake(count);
            if (count == 0)
            {
                result.AddError("Name the log's files, and behind them the number of a record.");
            }

            return [.. result.Tokens.Take(count).Select(token => token.Value)];
        };
        var number = new Argument<long>("N") { Description = "The record's number, `sequence` in its line.", CustomParser = ReadNumber };
        var command = new Command(
            "proof",
            "Prints a record and what proves that it stands in the log that the latest checkpoint signs, as one JSON object. "
            + "Exit code 1 where the log isn't what its links and the checkpoint say.")
        {
            files, number,
        };
        command.SetAction((parsed, cancellationToken) => AuditProofRun.ProveInclusionAsync(
            parsed.GetRequiredValue(files), parsed.GetValue(number), environment, cancellationToken));
        return command;
    }

    public static Command CreateConsistency(CommandEnvironment environment)
    {
        Argument<string[]> files = AuditCommand.FilesArgument();
        var old = new Option<string>("--old")
        {
            Description = "The file with the older checkpoint; of several the last one counts.",
            HelpName = "CHECKPOINT",
            Required = true,
        };
        var command = new Command(
            "consistency",
            "Prints what proves that the log which the latest checkpoint signs begins with what an older one signs, as one JSON object. "
            + "Exit code 1 where it doesn't.")
        {
            files, old,
        };
        command.SetAction((parsed, cancellationToken) => AuditProofRun.ProveConsistencyAsync(
            parsed.GetRequiredValue(files), parsed.GetRequiredValue(old), environment, cancellationToken));
        return command;
    }

    private static long ReadNumber(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: var text }]
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number > 0)
        {
            return number;
        }

        result.AddError("The last argument must be the number of a record, at least 1.");
        return 0;
    }
}
