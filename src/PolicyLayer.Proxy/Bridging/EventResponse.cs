using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>Begins answers that are streams of events.</summary>
internal static class EventResponse
{
    /// <summary>Sends the head, so that the client knows at once.</summary>
    public static async Task<ClientStream> StartAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        var stream = new ClientStream(response);
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        return stream;
    }
}
