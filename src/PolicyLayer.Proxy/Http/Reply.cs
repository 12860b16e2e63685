using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Writes answers that are the proxy's own, or whole ones of the server's.</summary>
internal static class Reply
{
    /// <summary>An answer of one message.</summary>
    public static async Task JsonAsync(
        HttpResponse response, int status, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = message.Length;
        await response.Body.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An answer with an error.</summary>
    public static Task ErrorAsync(HttpResponse response, int status, JsonRpcId? id, int code, string message) =>
        JsonAsync(response, status, JsonRpcText.Error(id, code, message), response.HttpContext.RequestAborted);

    /// <summary>Turns a request away that wasn't looked at: clients show the reason to whoever set them up.</summary>
    public static Task RefusalAsync(HttpResponse response, int status, string reason) =>
        JsonAsync(response, status, JsonRpcText.Refusal(MessageFault.InvalidRequest, reason), response.HttpContext.RequestAborted);

    /// <summary>Ends the connection behind the answer: who isn't known keeps none that others might need.</summary>
    public static void Leave(HttpContext context) => context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    /// <summary>Tells of a session that isn't there, or isn't the caller's.</summary>
    public static Task UnknownSessionAsync(HttpResponse response, JsonRpcMessage message) => ErrorAsync(
        response, StatusCodes.Status404NotFound, message.Kind == MessageKind.Request ? message.Id : null, MessageFault.InvalidRequest,
        "The session isn't known: initialize a new one.");

    /// <summary>An answer that names the methods which there are.</summary>
    public static void NoSuchMethod(HttpResponse response, string allowed)
    {
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        response.Headers.Allow = allowed;
    }
}
