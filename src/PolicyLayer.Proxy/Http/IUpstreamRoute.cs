using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Takes requests that passed all checks on to the server, whatever that is. Safe for any number of threads.</summary>
internal interface IUpstreamRoute : IAsyncDisposable
{
    /// <summary>How long requests in flight have when the proxy is stopped; the rest of 5 seconds is the server's.</summary>
    TimeSpan Patience { get; }

    /// <summary>Handles a message whose headers were found to agree with it.</summary>
    Task PostAsync(HttpContext context, Identity identity, JsonRpcMessage message);

    /// <summary>Handles a <c>GET</c> or a <c>DELETE</c> that names a session.</summary>
    Task HandleAsync(HttpContext context, Identity identity);

    /// <summary>Forgets what nobody used for too long, or may use any more.</summary>
    ValueTask ForgetAsync();

    /// <summary>Ends at once the processes that it started, waits for nothing, and starts no other.</summary>
    void Kill();
}
