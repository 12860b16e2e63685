using PolicyLayer.Proxy;

namespace PolicyLayer.Cli.Proxying;

/// <summary>
/// A line, divided at the <c>--</c> of <c>proxy</c>: what stands behind it is the server's own, secrets included. INVARIANT: no parser and
/// no message of the tool sees that part.
/// </summary>
internal sealed class ProxyLine
{
    public const string CommandName = "proxy";

    private ProxyLine(IReadOnlyList<string> own, bool hasEnd, string[] server)
    {
        Own = own;
        HasEnd = hasEnd;
        Server = server is [{ Length: > 0 } program, .. var arguments] ? new UpstreamCommand(program, arguments) : null;
    }

    /// <summary>What the tool parses.</summary>
    public IReadOnlyList<string> Own { get; }

    /// <summary>Whether there is a <c>--</c>.</summary>
    public bool HasEnd { get; }

    /// <summary>The server to start; null where none is named.</summary>
    public UpstreamCommand? Server { get; }

    /// <summary>Whether the command is this one.</summary>
    public bool IsProxy => Own is [CommandName, ..];

    public static ProxyLine Of(IReadOnlyList<string> args)
    {
        int end = args is [CommandName, ..] ? args.ToList().IndexOf("--") : -1;
        return end < 0
            ? new ProxyLine(args, hasEnd: false, [])
            : new ProxyLine([.. args.Take(end)], hasEnd: true, [.. args.Skip(end + 1)]);
    }
}
