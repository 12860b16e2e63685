namespace PolicyLayer.Proxy;

/// <summary>
/// Serves a server of streamable HTTP over streamable HTTP: judges every call of a tool, and passes all else on. Safe for any number of
/// callers.
/// </summary>
public sealed class HttpProxy : IAsyncDisposable
{
    private HttpProxy(Uri address)
    {
        Address = address;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address { get; }

    /// <summary>Begins to listen.</summary>
    /// <param name="authorizer">Judges the calls.</param>
    /// <param name="upstream">The server's address.</param>
    /// <param name="options">How; null for the defaults, which name no grants and so are an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">An argument is null, or an option is out of range or goes with no other.</exception>
    /// <exception cref="IOException">The address can't be listened at.</exception>
    public static Task<HttpProxy> StartAsync(
        ToolCallAuthorizer authorizer, Uri upstream, HttpProxyOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException($"{authorizer}{upstream}{options}{cancellationToken}");

    /// <summary>Stops: takes no more requests, gives those in flight 3 seconds, then cancels them.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
