using System.CommandLine;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>approvals list</c>, <c>show</c>, <c>approve</c>, <c>refuse</c> and <c>watch</c>: what waits for a person.</summary>
internal static class ApprovalsCommand
{
    private const string NotTaken = "Exit code 1 when the answer changes nothing.";

    public static Command Create(CommandEnvironment environment) =>
        new("approvals", "Shows the calls that wait for a person, and takes the answers.")
        {
            CreateList(environment),
            CreateShow(environment),
            CreateApprove(environment),
            CreateRefuse(environment),
            CreateWatch(environment),
        };

    private static Command CreateList(CommandEnvironment environment)
    {
        var syntax = new ApprovalsSyntax();
        var command = new Command("list", "Lists what waits, the oldest first.");
        syntax.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ApprovalsRun.RunAsync(
            syntax.Read(parsed), environment, run => run.ListAsync(cancellationToken)));
        return command;
    }

    private static Command CreateShow(CommandEnvironment environment)
    {
        (ApprovalsSyntax syntax, Argument<string> id) = (new ApprovalsSyntax(), IdArgument());
        var command = new Command(
            "show", "Shows a request whole, its arguments one by one. Exit code 1 when there is none of the id.") { id };
        syntax.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ApprovalsRun.RunAsync(
            syntax.Read(parsed), environment, run => run.ShowAsync(parsed.GetRequiredValue(id), cancellationToken)));
        return command;
    }

    private static Command CreateApprove(CommandEnvironment environment)
    {
        (ApprovalsSyntax syntax, Argument<string> id) = (new ApprovalsSyntax(), IdArgument());
        var answer = new AnswerSyntax(environment);
        var command = new Command("approve", $"Approves a request, as it asks or for less. {NotTaken}") { id };
        syntax.AddTo(command);
        answer.AddTo(command, approves: true);
        command.SetAction((parsed, cancellationToken) => ApprovalsRun.RunAsync(
            syntax.Read(parsed),
            environment,
            run => run.AnswerAsync(parsed.GetRequiredValue(id), answer.ReadName(parsed), answer.ReadApproval(parsed), cancellationToken)));
        return command;
    }

    private static Command CreateRefuse(CommandEnvironment environment)
    {
        (ApprovalsSyntax syntax, Argument<string> id) = (new ApprovalsSyntax(), IdArgument());
        var answer = new AnswerSyntax(environment);
        var command = new Command("refuse", $"Refuses a request, or takes back what was approved. {NotTaken}") { id };
        syntax.AddTo(command);
        answer.AddTo(command, approves: false);
        command.SetAction((parsed, cancellationToken) => ApprovalsRun.RunAsync(
            syntax.Read(parsed),
            environment,
            run => run.AnswerAsync(parsed.GetRequiredValue(id), answer.ReadName(parsed), answer.ReadRefusal(parsed), cancellationToken)));
        return command;
    }

    private static Command CreateWatch(CommandEnvironment environment)
    {
        var syntax = new ApprovalsSyntax();
        var answer = new AnswerSyntax(environment);
        var command = new Command(
            "watch",
            "Waits for requests and asks at the terminal for each; an approval is typed with the first 4 digits of the request's id, as in "
            + "`o 1f3a`. Not at a terminal, or with --json, prints each new one as a line.");
        syntax.AddTo(command);
        answer.AddNameTo(command);
        command.SetAction((parsed, cancellationToken) => ApprovalsRun.RunAsync(
            syntax.Read(parsed), environment, run => run.WatchAsync(answer.ReadName(parsed), cancellationToken)));
        return command;
    }

    private static Argument<string> IdArgument() =>
        new("ID") { Description = "The request's id, as the call's answer and `list` have it." };
}
