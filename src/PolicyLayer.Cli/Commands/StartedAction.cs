using System.CommandLine;
using System.CommandLine.Invocation;

namespace PolicyLayer.Cli.Commands;

/// <summary>
/// A command's action that hands its task over before it does anything. System.CommandLine heeds SIGINT and SIGTERM only once it holds the
/// task: opening a pipe that nobody writes to would else keep the process for ever, and a Ctrl-C that was heeded be reported as 130.
/// </summary>
internal sealed class StartedAction(CommandLineAction action) : AsynchronousCommandLineAction
{
    /// <summary>Has all commands below one, and itself, start so.</summary>
    public static void SetAll(Command command)
    {
        if (command.Action is { } action)
        {
            command.Action = new StartedAction(action);
        }

        foreach (Command subcommand in command.Subcommands)
        {
            SetAll(subcommand);
        }
    }

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return action is AsynchronousCommandLineAction task
            ? await task.InvokeAsync(parseResult, cancellationToken).ConfigureAwait(false)
            : ((SynchronousCommandLineAction)action).Invoke(parseResult);
    }
}
