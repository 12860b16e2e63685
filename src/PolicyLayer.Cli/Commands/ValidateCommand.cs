using System.CommandLine;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>validate FILE…</c>: says all that is wrong with policy documents.</summary>
internal static class ValidateCommand
{
    private const string MSBuild = "msbuild";
    private const string GitHub = "github";

    public static Command Create(CommandEnvironment environment)
    {
        var files = new Argument<string[]>("FILE") { Description = "The policy documents.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a file." };
        var format = new Option<string>("--format")
        {
            Description = "Print a line for each finding, as MSBuild or GitHub's workflows read them.",
            HelpName = $"{MSBuild}|{GitHub}",
        };
        format.AcceptOnlyFromAmong(MSBuild, GitHub);
        var command = new Command("validate", "Says all that is wrong with policy documents. Exit code 1 when one has an error.")
        {
            files,
            json,
            format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetResult(format) is not null)
            {
                result.AddError("`--json` and `--format` are two forms: give one.");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            using IValidationOutput output = OutputOf(parsed.GetValue(json), parsed.GetValue(format), environment);
            return Task.FromResult(Run(parsed.GetRequiredValue(files), output, cancellationToken));
        });
        return command;
    }

    private static IValidationOutput OutputOf(bool asJson, string? format, CommandEnvironment environment) => format switch
    {
        MSBuild => new AnnotatedValidationOutput(environment, new MSBuildFormat()),
        GitHub => new AnnotatedValidationOutput(environment, new GitHubFormat()),
        _ when asJson => new JsonValidationOutput(environment),
        _ => new TableValidationOutput(environment),
    };

    private static int Run(string[] files, IValidationOutput output, CancellationToken cancellationToken)
    {
        int exitCode = ExitCodes.Good;
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
                output.WriteUnreadable(file, e.Message);
                exitCode = ExitCodes.Failed;
            }
        }

        return exitCode;
    }
}
