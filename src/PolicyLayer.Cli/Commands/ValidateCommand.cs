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
        var files = new Argument<string[]>("FILE") { Description = "The policy documents.", Arity = ArgumentArity.ZeroOrMore };
        var list = new Option<string>("--list")
        {
            Description = "A file that names further documents, one a line: no shell sees their names.",
            HelpName = "FILE",
        };
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
            list,
            json,
            format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetResult(format) is not null)
            {
                result.AddError("`--json` and `--format` are two forms: give one.");
            }

            if (result.GetValue(files) is not { Length: > 0 } && result.GetResult(list) is null)
            {
                result.AddError("No document is named.");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            IEnumerable<string> all = [.. parsed.GetValue(files) ?? [], .. parsed.GetValue(list) is { } file ? NamesIn(file) : []];
            using IValidationOutput output = OutputOf(parsed.GetValue(json), parsed.GetValue(format), environment);
            return Task.FromResult(Run(all, output, cancellationToken));
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

    private static IEnumerable<string> NamesIn(string list)
    {
        try
        {
            return File.ReadAllLines(list).Where(name => name.Length > 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException($"The list {QuotedText.Of(list)} can't be read: {e.GetType().Name}.");
        }
    }

    private static int Run(IEnumerable<string> files, IValidationOutput output, CancellationToken cancellationToken)
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
            catch (UnreadableFileException e)
            {
                // The other files are worth a look all the same.
                output.WriteUnreadable(file, e);
                exitCode = ExitCodes.Failed;
            }
        }

        return exitCode;
    }
}
