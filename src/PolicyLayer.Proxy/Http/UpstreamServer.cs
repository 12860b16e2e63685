using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Sends requests to the server: of the caller's headers only those that the protocol has, and never its credentials. Safe for any number
/// of threads.
/// </summary>
internal sealed class UpstreamServer : IDisposable
{
    private static readonly string[] Passed = ["Accept", HeaderNames.ProtocolVersion, "traceparent", "tracestate", "User-Agent"];

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpSettings _settings;
    private readonly Uri _upstream;
    private readonly HttpMessageInvoker _client;

    public UpstreamServer(HttpSettings settings, Uri upstream)
    {
        _settings = settings;
        _upstream = upstream;
        _client = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                // The caller's trace goes on as it came, and what the environment says of proxies isn't the proxy's.
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                MaxResponseHeadersLength = 64,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                UseCookies = false,
                UseProxy = false,
            },
            disposeHandler: true);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="caller">The caller's headers, which were found to agree with the message.</param>
    /// <param name="sessionId">The session that it is in; null for none.</param>
    /// <param name="message">The body; null for none.</param>
    /// <param name="nameHeader">Whether the name of what is asked for is repeated, and was checked.</param>
    /// <param name="cancellationToken">Gives up; the server may have got it.</param>
    /// <returns>The answer as soon as its head is there.</returns>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, IHeaderDictionary caller, string? sessionId, ReadOnlyMemory<byte>? message, bool nameHeader,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, _upstream);
        if (message is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = Json;
        }

        Pass(caller, request.Headers, nameHeader, method == HttpMethod.Get);
        if (sessionId is not null)
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.Session, sessionId);
        }

        foreach ((string name, string value) in _settings.UpstreamHeaders)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a request that failed in this way surely never ran: nothing of it was sent.</summary>
    public static bool NeverRan(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError,
    };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static void Pass(IHeaderDictionary caller, HttpRequestHeaders headers, bool nameHeader, bool mayResume)
    {
        foreach ((string name, StringValues values) in caller)
        {
            bool isPassed = Passed.Contains(name, StringComparer.OrdinalIgnoreCase)
                || name.Equals(HeaderNames.Method, StringComparison.OrdinalIgnoreCase)
                || name.StartsWith(HeaderNames.ParameterPrefix, StringComparison.OrdinalIgnoreCase)
                || (nameHeader && name.Equals(HeaderNames.Name, StringComparison.OrdinalIgnoreCase))
                || (mayResume && name.Equals(HeaderNames.LastEvent, StringComparison.OrdinalIgnoreCase));
            if (isPassed && values.All(value => value is not null && HeaderText.IsPlain(value)))
            {
                headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }
}
