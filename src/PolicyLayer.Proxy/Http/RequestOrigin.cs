using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PolicyLayer.Proxy.Http;

/// <summary>Whether the web page that sends a request may: one that was allowed, or one of this very address.</summary>
internal sealed class RequestOrigin(IReadOnlyList<string> allowed)
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request is of no web page, or of one that may.</summary>
    /// <param name="request">A request whose host was found to be ours.</param>
    public bool IsAllowed(HttpRequest request)
    {
        StringValues origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            return true;
        }

        return origins.Count == 1
            && (_allowed.Contains(origins[0]!)
                || origins[0]!.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
    }
}
