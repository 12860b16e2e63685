using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text;
using PolicyLayer.Cli.Commands;
using PolicyLayer.Cli.Output;
using PolicyLayer.Cli.Proxying;
using PolicyLayer.Cli.Stores;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using PolicyLayer.Text;

namespace PolicyLayer.Cli;

/// <summary>The command line: parses, runs, and turns every way to end into an exit code.</summary>
internal static class PolicyLayerCommand
{
    private static readonly TimeSpan ToSay = TimeSpan.FromMilliseconds(400);

    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, CommandEnvironment environment, CancellationToken cancellationToken = default)
    {
        var line = ProxyLine.Of(args);
        if (line.Own.Any(SecretArguments.Holds))
        {
            await environment.Error.WriteLineAsync(
                "An argument holds a password, or an address of Redis that isn't `redis://[USER@]HOST:PORT` or `rediss://…`; "
                + $"it isn't shown. Help: the password comes from the variable {RedisAddress.PasswordVariable}"
                + (line.IsProxy ? ", and a server's credentials by `--upstream-header`." : ".")).ConfigureAwait(false);
            return ExitCodes.Failed;
        }

        if (line.Own.Any(SecretArguments.HoldsKey))
        {
            await environment.Error.WriteLineAsync(
                "An argument is a key in PEM; it isn't shown. Help: `--audit-key` and `--public-key` take the name of its file.")
                .ConfigureAwait(false);
            return ExitCodes.Failed;
        }

        // An argument that begins with @ is an argument, not the name of a file with more of them.
        ParseResult parsed = Create(line, environment).Parse(line.Own, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(parsed, environment.Error);
        }

        return await InvokeAsync(parsed, line, environment, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> InvokeAsync(
        ParseResult parsed, ProxyLine line, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        using var output = new StreamWriter(environment.Output, new UTF8Encoding(false), leaveOpen: true)
        {
            NewLine = "\n",
            AutoFlush = true,
        };
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = output,
                Error = environment.Error,
            };
            if (line.IsProxy)
            {
                // Its signals are heeded before it is parsed: see Termination.
                configuration.ProcessTerminationTimeout = null;
            }

            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await SayAsync(line, environment, "Cancelled.").ConfigureAwait(false);
        }
        catch (Exception e) when (e is CommandException or IOException or UnauthorizedAccessException)
        {
            await SayAsync(line, environment, e.Message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SqliteStoreException or RedisStoreException)
        {
            await SayAsync(line, environment, PlainTable.OneLine(e.Message)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A bug of ours. The message may hold arguments; the type and the stack can't.
            string text = $"The command failed unforeseen, please report it: {e.GetType()}\n{e.StackTrace}";
            await SayAsync(line, environment, text).ConfigureAwait(false);
        }

        return ExitCodes.Failed;
    }

    // Whoever reads a proxy's standard error may not, and its end waits for nobody.
    private static async Task SayAsync(ProxyLine line, CommandEnvironment environment, string text)
    {
        Task saying = Task.Run(() => environment.Error.WriteLineAsync(text));
        try
        {
            await (line.IsProxy ? saying.WaitAsync(ToSay, environment.Time) : saying).ConfigureAwait(false);
        }
        catch (Exception e) when (line.IsProxy && e is (TimeoutException or InvalidOperationException or IOException))
        {
            // It is full, or what waits in it still is being written.
        }
    }

    private static RootCommand Create(ProxyLine line, CommandEnvironment environment)
    {
        var root = new RootCommand("Checks PolicyLayer policies, judges tool calls against them, and guards MCP servers with them.")
        {
            HelpName = "policylayer",
        };
        root.Add(ValidateCommand.Create(environment));
        root.Add(SchemaCommand.Create(environment));
        root.Add(CheckCommand.Create(environment));
        root.Add(ProxyCommand.Create(line, environment));
        root.Add(CountersCommand.Create(environment));
        root.Add(GrantCommand.Create(environment));
        root.Add(ApprovalsCommand.Create(environment));
        root.Add(AuditCommand.Create(environment));
        HelpExamples.Add(root);
        StartedAction.SetAll(root);
        return root;
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent
        ? $"{PathOf(parent)}{result.Command.Name} "
        : "";

    private static int Refuse(ParseResult parsed, TextWriter error)
    {
        string path = $"policylayer {PathOf(parsed.CommandResult)}";
        foreach (string problem in ProblemsOf(parsed, path.TrimEnd()))
        {
            error.WriteLine(problem);
        }

        error.WriteLine($"Help: {path}--help");
        return ExitCodes.Failed;
    }

    private static IEnumerable<string> ProblemsOf(ParseResult parsed, string path)
    {
        string[] commands = [.. parsed.CommandResult.Command.Subcommands.Select(command => command.Name)];
        if (commands.Length == 0)
        {
            return parsed.Errors.Select(problem => problem.Message);
        }

        string all = $"{string.Join(", ", commands[..^1])} and {commands[^1]}";
        if (parsed.UnmatchedTokens is not [var word, ..])
        {
            return [$"`{path}` is used with one of its commands: {all}."];
        }

        string meant = Spelling.Suggest(word, commands) is { } suggestion ? $": {suggestion}" : ".";
        return [$"{QuotedText.Of(word)} is no command of `{path}`, which has {all}{meant}"];
    }
}
