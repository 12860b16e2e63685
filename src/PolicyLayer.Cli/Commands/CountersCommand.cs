using System.CommandLine;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>counters show</c> and <c>counters reset</c>: what a store holds, and how a person sets it back.</summary>
internal static class CountersCommand
{
    public static Command Create(CommandEnvironment environment) =>
        new("counters", "Shows or resets the counters that a store holds, marks of orders included.")
        {
            CreateShow(environment),
            CreateReset(environment),
        };

    private static Command CreateShow(CommandEnvironment environment)
    {
        var syntax = new CountersSyntax();
        var command = new Command("show", "Shows what is used up, and until when.");
        syntax.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            CountersRun.ShowAsync(syntax.Read(parsed), environment, cancellationToken));
        return command;
    }

    private static Command CreateReset(CommandEnvironment environment)
    {
        var syntax = new CountersSyntax();
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        var command = new Command("reset", "Makes counters hold nothing, after asking. Exit code 1 when the answer isn't yes.") { yes };
        syntax.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            CountersRun.ResetAsync(syntax.Read(parsed), parsed.GetValue(yes), environment, cancellationToken));
        return command;
    }
}
