using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Takes a client's messages: reads one, holds its headers to it, and hands it on.</summary>
internal sealed class PostHandler(HttpSettings settings, HeaderCheck headers, IUpstreamRoute route, ILogger logger)
{
    private readonly HeldBodies _held = new();

    /// <summary>Handles a request of a caller that is known.</summary>
    public async Task HandleAsync(HttpContext context, Identity identity)
    {
        HttpRequest request = context.Request;
        if (!RequestBody.IsJson(request.Headers))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using HeldBodies.HeldBody held = _held.Begin(identity.GrantId);
        bool isRoom = true;
        ReadOnlyMemory<byte>? body = await RequestBody.ReadAsync(
            request.Body, request.ContentLength, settings.Guard.MaxMessageBytes, context.RequestAborted, more => isRoom = held.TryAdd(more))
            .ConfigureAwait(false);
        if (body is not { } text)
        {
            (int status, MessageFault reason) = isRoom
                ? (StatusCodes.Status413PayloadTooLarge, MessageFault.TooLarge)
                : (StatusCodes.Status503ServiceUnavailable, MessageFault.TooMany);
            await RefuseAsync(context, status, null, reason).ConfigureAwait(false);
            return;
        }

        ReadResult read = MessageReader.Read(text);
        JsonRpcId? id = read.IsResponse ? null : read.Id;
        MessageFault? fault = read.IsValid ? headers.FaultOf(request.Headers, read.Message) : read.Fault;
        if (fault is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, id, fault).ConfigureAwait(false);
            return;
        }

        await route.PostAsync(context, identity, read.Message!).ConfigureAwait(false);
    }

    private Task RefuseAsync(HttpContext context, int status, JsonRpcId? id, MessageFault fault)
    {
        ProxyLog.Refused(logger, fault.Message);
        return Reply.JsonAsync(context.Response, status, Passage.Refuse(id, fault).Answer!.Value, context.RequestAborted);
    }
}
