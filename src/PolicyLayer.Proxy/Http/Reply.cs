using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Writes answers that are the proxy's own, or whole ones of the server's.</summary>
internal static class Reply
{
    /// <summary>An answer of one message.</summary>
    public static Task JsonAsync(HttpResponse response, int status, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        BytesAsync(response, status, "application/json", message, cancellationToken);

    /// <summary>An answer with an error.</summary>
    public static Task ErrorAsync(HttpResponse response, int status, JsonRpcId? id, int code, string message) =>
        JsonAsync(response, status, JsonRpcText.Error(id, code, message), response.HttpContext.RequestAborted);

    /// <summary>Tells of a session that isn't there, or isn't the caller's.</summary>
    public static Task UnknownSessionAsync(HttpResponse response, JsonRpcMessage message) => ErrorAsync(
        response, StatusCodes.Status404NotFound, message.Kind == MessageKind.Request ? message.Id : null, MessageFault.InvalidRequest,
        "The session isn't known: initialize a new one.");

    /// <summary>An answer of so many bytes.</summary>
    public static async Task BytesAsync(
        HttpResponse response, int status, string? type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An answer that names the methods which there are.</summary>
    public static void NoSuchMethod(HttpResponse response, string allowed)
    {
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        response.Headers.Allow = allowed;
    }
}
