using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Proxy;

/// <summary>
/// Stands between a client and a server that speak over standard input and output: starts the server, judges every call of a tool, and
/// copies all else. For one run.
/// </summary>
public sealed class StdioProxy
{
    private readonly ToolCallAuthorizer _authorizer;
    private readonly UpstreamCommand _upstream;
    private readonly McpProxyOptions _options;
    private StdioSession? _session;
    private volatile bool _isKilled;
    private int _hasRun;

    /// <summary>Makes a proxy, and starts nothing yet.</summary>
    /// <param name="authorizer">Judges the calls, all of one session: this run of the proxy.</param>
    /// <param name="upstream">The server.</param>
    /// <param name="options">How to guard it; null for the defaults.</param>
    /// <exception cref="ArgumentException">An argument is null, or an option is out of range.</exception>
    public StdioProxy(ToolCallAuthorizer authorizer, UpstreamCommand upstream, McpProxyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(upstream);
        (options ??= new McpProxyOptions()).Validate();
        (_authorizer, _upstream, _options) = (authorizer, upstream, options);
    }

    /// <summary>
    /// Starts the server and serves the client until it closes its side, the server can't be had any more, or it is cancelled.
    /// </summary>
    /// <param name="input">What the client writes.</param>
    /// <param name="output">What the client reads.</param>
    /// <param name="cancellationToken">Ends it within 5 seconds: calls in flight are answered with an error, the server is ended.</param>
    /// <returns>
    /// True where the client closed its side, or it was cancelled; false where the server ended for good: also where it crashed after the
    /// client closed its side, and left unanswered what that had asked.
    /// </returns>
    /// <exception cref="UpstreamException">The server can't be started.</exception>
    /// <exception cref="InvalidOperationException">It ran before.</exception>
    public async Task<bool> RunAsync(Stream input, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (Interlocked.Exchange(ref _hasRun, 1) != 0)
        {
            throw new InvalidOperationException("A proxy runs once.");
        }

        using var session = new StdioSession(_authorizer, _upstream, _options, input, output);
        Volatile.Write(ref _session, session);
        if (_isKilled)
        {
            session.Kill();
        }

        await using (new ReloadNews(_authorizer, session.AnnounceAsync).ConfigureAwait(false))
        {
            return await session.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the server at once, with all that it has started, and has no other started: for a host that can't wait for the end of the run
    /// any more. Safe on any thread, at any time.
    /// </summary>
    public void Kill()
    {
        _isKilled = true;
        Volatile.Read(ref _session)?.Kill();
    }
}
