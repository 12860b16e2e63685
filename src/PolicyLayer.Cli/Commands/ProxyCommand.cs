using System.CommandLine;
using PolicyLayer.Cli.Proxying;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>proxy POLICY</c>: stands before an MCP server, and lets through what the policy allows.</summary>
internal static class ProxyCommand
{
    /// <param name="line">The whole line, of which this command has the server's part too.</param>
    /// <param name="environment">What it reads from and writes to.</param>
    public static Command Create(ProxyLine line, CommandEnvironment environment)
    {
        var syntax = new ProxySyntax(line);
        var command = new Command(
            ProxyLine.CommandName,
            "Stands before an MCP server, and has the policy judge every call of a tool before it gets there: for a client over standard "
            + "input and output, or with --listen over HTTP. Exit code 1 when the server ended for good.");
        syntax.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ProxyRun.RunAsync(syntax.Read(parsed), environment, cancellationToken));
        return command;
    }
}
