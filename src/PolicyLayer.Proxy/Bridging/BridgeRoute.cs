using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>Leads to a server that is a process.</summary>
internal sealed class BridgeRoute(
    HttpSettings settings, UpstreamCommand command, CallGuard guard, OpenExchanges exchanges, ILogger logger) : IUpstreamRoute
{
    private readonly Children _children = new(settings, command, guard, logger);

    /// <inheritdoc/>
    public TimeSpan Patience => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task PostAsync(HttpContext context, Identity identity, JsonRpcMessage message)
    {
        IHeaderDictionary headers = context.Request.Headers;
        StringValues sessionId = HeaderCheck.IsStateless(headers, message) ? default : headers[HeaderNames.Session];
        bool isStateless = HeaderCheck.IsStateless(headers, message) || (sessionId.Count == 0 && RequestRevision.Of(message) is not null);
        if (!isStateless && sessionId.Count == 0 && message.Method != Methods.Initialize)
        {
            await RefuseAsync(context, message, new MessageFault(MessageFault.InvalidRequest, "The session's header is missing."))
                .ConfigureAwait(false);
            return;
        }

        if (isStateless && SharedChild.FaultOf(message) is { } fault)
        {
            await RefuseAsync(context, message, fault).ConfigureAwait(false);
            return;
        }

        if (sessionId.Count > 0)
        {
            await InSessionAsync(context, sessionId[0]!, identity, message).ConfigureAwait(false);
        }
        else
        {
            await StartAsync(context, identity, message, isStateless).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, Identity identity)
    {
        StringValues sessionId = context.Request.Headers[HeaderNames.Session];
        if (sessionId.Count != 1)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (_children.Enter(sessionId[0]!, identity) is not { } child)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await new BridgedStream(child, exchanges, context).RunAsync().ConfigureAwait(false);
            }
            else
            {
                await _children.EndAsync(child).ConfigureAwait(false);
            }
        }
        finally
        {
            _children.Leave(child);
        }
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync() => _children.ForgetAsync();

    /// <inheritdoc/>
    public void Kill() => _children.Kill();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _children.DisposeAsync();

    private async Task InSessionAsync(HttpContext context, string sessionId, Identity identity, JsonRpcMessage message)
    {
        if (_children.Enter(sessionId, identity) is not { } child)
        {
            await Reply.UnknownSessionAsync(context.Response, message).ConfigureAwait(false);
            return;
        }

        try
        {
            var post = new BridgedPost(settings, child, exchanges, logger, context, message)
            {
                SessionId = child.Id,
                TokenSha256 = identity.TokenSha256,
            };
            await post.RunAsync(child.Conversation).ConfigureAwait(false);
        }
        finally
        {
            _children.Leave(child);
        }
    }

    /// <summary>Begins a session, or goes to the server of those who have none.</summary>
    private async Task StartAsync(HttpContext context, Identity identity, JsonRpcMessage message, bool isStateless)
    {
        BridgeChild? child;
        try
        {
            child = isStateless ? _children.EnterShared(identity.GrantId) : _children.Begin(identity);
        }
        catch (UpstreamException e)
        {
            BridgeLog.NotStarted(logger, e.Message);
            await FailAsync(context, message, StatusCodes.Status502BadGateway, "The server can't be started.").ConfigureAwait(false);
            return;
        }

        if (child is null)
        {
            BridgeLog.TooMany(logger, settings.MaxChildren);
            await FailAsync(context, message, StatusCodes.Status503ServiceUnavailable, "Too many servers run.").ConfigureAwait(false);
            return;
        }

        var session = child as SessionChild;
        var post = new BridgedPost(settings, child, exchanges, logger, context, message)
        {
            SessionId = session?.Id,
            TokenSha256 = identity.TokenSha256,
        };
        try
        {
            await post.RunAsync(session?.Conversation ?? new Conversation(guard, identity.CallerIn(null))).ConfigureAwait(false);
        }
        finally
        {
            _children.Leave(child);
            if (session is not null && !post.IsDone)
            {
                // Nobody knows of it.
                _ = _children.EndAsync(session).AsTask();
            }
        }
    }

    private static Task FailAsync(HttpContext context, JsonRpcMessage message, int status, string reason)
    {
        if (message.Kind == MessageKind.Request)
        {
            return Reply.ErrorAsync(context.Response, status, message.Id, MessageFault.InternalError, reason);
        }

        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private Task RefuseAsync(HttpContext context, JsonRpcMessage message, MessageFault fault)
    {
        ProxyLog.Refused(logger, fault.Message);
        JsonRpcId? id = message.Kind == MessageKind.Request ? message.Id : null;
        int status = SharedChild.StatusOf(fault.Code);
        return Reply.ErrorAsync(
            context.Response, status == StatusCodes.Status200OK ? StatusCodes.Status400BadRequest : status, id, fault.Code, fault.Message);
    }
}
