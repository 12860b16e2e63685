using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>
/// A server that callers of one grant share, who have no sessions. What it says goes to the request that it is for, and else to nobody.
/// </summary>
internal sealed class SharedChild(UpstreamCommand command, McpProxyOptions options, ILogger logger, string grantId)
    : BridgeChild(command, options, logger)
{
    private const int NoMethod = -32601;
    private const int LeastProtocolError = -32022;

    /// <summary>What would say something of all callers at once; revisions without sessions have none of it.</summary>
    private static readonly string[] OfSessions =
        [Methods.Initialize, "logging/setLevel", "resources/subscribe", "resources/unsubscribe"];

    /// <inheritdoc/>
    public override bool IsOfSession => false;

    /// <inheritdoc/>
    public override string GrantId => grantId;

    /// <summary>Why a message isn't taken; null for one that is.</summary>
    public static MessageFault? FaultOf(JsonRpcMessage message) => message.Kind switch
    {
        MessageKind.Response => new MessageFault(MessageFault.InvalidRequest, "The server asks its clients nothing."),
        MessageKind.Request when OfSessions.Contains(message.Method, StringComparer.OrdinalIgnoreCase) =>
            new MessageFault(NoMethod, "The method belongs to revisions with sessions."),
        _ => ChildText.FaultOf(message),
    };

    /// <summary>The status that an error goes with.</summary>
    public static int StatusOf(int? code) => code switch
    {
        NoMethod => StatusCodes.Status404NotFound,
        >= LeastProtocolError and <= HeaderCheck.HeaderMismatch => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };

    /// <inheritdoc/>
    protected override int StatusOf(JsonRpcMessage answer) => StatusOf(ChildText.CodeOf(answer));

    // What names a request or belongs to a session would be about somebody else's.
    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte>? Translate(JsonRpcMessage message) =>
        message.Method is Methods.Cancelled or Methods.Initialized or Methods.Progress ? (ReadOnlyMemory<byte>?)null : message.Text;

    /// <inheritdoc/>
    protected override async ValueTask HearAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind == MessageKind.Request)
        {
            AnswerChild(JsonRpcText.Error(message.Id, NoMethod, "The revision has no requests of servers."));
            return;
        }

        if (RequestOf(message, out JsonValue value, out ReadOnlyMemory<byte> own) is not { } request
            || ChildText.With(message, value, own) is not { } translated)
        {
            return;
        }

        ReadOnlyMemory<byte>? text = await request.Conversation.FromServerAsync(translated, cancellationToken).ConfigureAwait(false);
        if (message.Method == Methods.Cancelled)
        {
            // A subscription ends so; over HTTP its stream just ends.
            Requests.Remove(request);
            request.Box.Close();
        }
        else if (text is { } told)
        {
            // Who doesn't keep up with its news holds up nobody else.
            request.Box.TryPut(told);
        }
    }

    /// <summary>The request that a notification is for, where it says so, and what its caller said in that place; null for none.</summary>
    private ChildRequest? RequestOf(JsonRpcMessage message, out JsonValue value, out ReadOnlyMemory<byte> own)
    {
        ChildRequest? request;
        switch (message.Method)
        {
            case Methods.Progress:
                request = Requests.Find(ChildText.IdIn(message, "progressToken"u8, out value));
                own = request?.Token ?? default;
                return request?.Token is null ? null : request;
            case Methods.Cancelled:
                request = Requests.Find(ChildText.IdIn(message, "requestId"u8, out value));
                break;
            default:
                request = Requests.Find(ChildText.SubscriptionOf(message, out value));
                break;
        }

        own = request?.Id.Text ?? default;
        return request;
    }
}
