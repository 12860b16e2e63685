using System.CommandLine;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>validate FILE…</c>: says all that is wrong with policy documents.</summary>
internal static class ValidateCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var files = new Argument<string[]>("FILE") { Description = "The policy documents.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a file." };
        var command = new Command("validate", "Says all that is wrong with policy documents. Exit code 1 when one has an error.")
        {
            files,
            json,
        };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(files), parsed.GetValue(json), environment, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] files, bool asJson, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        int exitCode = ExitCodes.Good;
        using IValidationOutput output = asJson ? new JsonValidationOutput(environment) : new TableValidationOutput(environment);
        foreach (string file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                PolicyLoadResult result = PolicyFile.Load(file);
                output.Write(file, result);
                exitCode = Math.Max(exitCode, result.IsValid ? ExitCodes.Good : ExitCodes.Bad);
            }
            catch (CommandException e)
            {
                // The other files are worth a look all the same.
                await environment.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
                exitCode = ExitCodes.Failed;
            }
        }

        return exitCode;
    }
}
