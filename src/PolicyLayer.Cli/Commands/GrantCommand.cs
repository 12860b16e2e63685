using System.CommandLine;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>grant new</c>, <c>list</c>, <c>revoke</c> and <c>expire</c>: makes grants and keeps the file of them.</summary>
internal static class GrantCommand
{
    public static Command Create(CommandEnvironment environment) =>
        new("grant", "Makes grants and their tokens, and keeps a file of grants.")
        {
            CreateNew(environment),
            CreateList(environment),
            CreateRevoke(environment),
            CreateExpire(environment),
        };

    private static Command CreateNew(CommandEnvironment environment)
    {
        var syntax = new GrantSyntax();
        var command = new Command("new", "Makes a grant and its token, which is shown this once: only its SHA-256 is kept.");
        syntax.AddTo(command);
        command.SetAction(parsed => GrantRun.New(syntax.Read(parsed), environment));
        return command;
    }

    private static Command CreateList(CommandEnvironment environment)
    {
        (Option<string> file, Option<bool> json) = (FileOption(), JsonOption());
        var command = new Command("list", "Lists the grants of a file, and which of them are in force.") { file, json };
        command.SetAction(parsed => GrantRun.List(parsed.GetRequiredValue(file), parsed.GetValue(json), environment));
        return command;
    }

    private static Command CreateRevoke(CommandEnvironment environment)
    {
        (Argument<string> id, Option<string> file, Option<bool> json) = (IdArgument(), FileOption(), JsonOption());
        var command = new Command("revoke", "Takes a grant back, for good. Exit code 1 when there is none of the id.") { id, file, json };
        command.SetAction(parsed => GrantRun.Revoke(
            new GrantTarget(parsed.GetRequiredValue(id), parsed.GetRequiredValue(file), parsed.GetValue(json)), environment));
        return command;
    }

    private static Command CreateExpire(CommandEnvironment environment)
    {
        (Argument<string> id, Option<string> file, Option<bool> json) = (IdArgument(), FileOption(), JsonOption());
        var at = new Option<string>("--at")
        {
            Description = "From when on it is no longer in force, with an offset; now when left out.",
            HelpName = "MOMENT",
        };
        var command = new Command("expire", "Says when a grant ends. Exit code 1 when there is none of the id.") { id, at, file, json };
        command.SetAction(parsed => GrantRun.Expire(
            new GrantTarget(parsed.GetRequiredValue(id), parsed.GetRequiredValue(file), parsed.GetValue(json)),
            parsed.GetValue(at),
            environment));
        return command;
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "The grant's id." };

    private static Option<string> FileOption() =>
        new("--grants") { Description = "The file of grants.", HelpName = "FILE", Required = true };

    private static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON object a grant." };
}
