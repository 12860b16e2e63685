using System.CommandLine;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>check POLICY</c>: judges calls, running nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var syntax = new CheckSyntax();
        var command = new Command(
            "check", "Judges calls against a policy, running nothing. Exit code 1 when a call isn't judged as its line expects.");
        syntax.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CheckRun.RunAsync(syntax.Read(parsed), environment, cancellationToken));
        return command;
    }
}
