using Microsoft.Extensions.Logging;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>A server that one session has for itself. What it says goes to the session's streams.</summary>
internal sealed class SessionChild(
    UpstreamCommand command, McpProxyOptions options, ILogger logger, string id, Identity identity, Conversation conversation)
    : BridgeChild(command, options, logger)
{
    private const string NobodyReads = "Nobody reads what the server asks.";

    private readonly SessionStreams _streams = new();
    private readonly ServerRequests _asked = new();

    public string Id => id;

    public Identity Identity => identity;

    public Conversation Conversation => conversation;

    /// <inheritdoc/>
    public override bool IsOfSession => true;

    /// <inheritdoc/>
    public override string GrantId => identity.GrantId;

    /// <inheritdoc/>
    public override string? TokenSha256 => identity.TokenSha256;

    /// <inheritdoc/>
    public override Mailbox Open(bool takesNews)
    {
        Mailbox box = base.Open(takesNews);
        if (takesNews)
        {
            _streams.Add(box, isFirst: false);
        }

        return box;
    }

    /// <summary>Opens the stream that the session reads by itself.</summary>
    public Mailbox Listen()
    {
        Mailbox box = base.Open(takesNews: true);
        _streams.Add(box, isFirst: true);
        return box;
    }

    /// <inheritdoc/>
    public override void Shut(Mailbox box)
    {
        base.Shut(box);
        _streams.Return(box);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Conversation> ConversationsOf(IEnumerable<ChildRequest> open) => [conversation];

    /// <inheritdoc/>
    protected override void NoteEnd()
    {
        _asked.Clear();
        _streams.Forget();
    }

    /// <inheritdoc/>
    protected override void NoteLastEnd() => _streams.Close();

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte>? Translate(JsonRpcMessage message)
    {
        if (message.Kind == MessageKind.Response)
        {
            return _asked.ToServer(message);
        }

        if (message.Method != Methods.Cancelled || !Members.Find(message.Body, "requestId"u8, out JsonValue value))
        {
            return message.Text;
        }

        // Nothing else has the caller's id, and what has it among the child's own is another request.
        JsonRpcId? cancelled = message.IdOf(value);
        if (Requests.Find(request => request.Id == cancelled) is not { } request)
        {
            return null;
        }

        request.Box.Close();
        return ChildText.With(message, value, ChildText.IdOf(request.Number).Text)?.Text;
    }

    /// <inheritdoc/>
    protected override async ValueTask HearAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (await conversation.FromServerAsync(message, cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        if (_asked.ToClient(message) is not { } text)
        {
            AnswerChild(JsonRpcText.Error(message.Id, MessageFault.InternalError, NobodyReads));
            return;
        }

        JsonRpcMessage told = text.Equals(message.Text) ? message : MessageReader.ReadServer(text).Message!;
        if (await PutToOwnAsync(told, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        JsonRpcMessage? unread = await _streams.PutAsync(told, cancellationToken).ConfigureAwait(false);
        if (unread is { Kind: MessageKind.Request })
        {
            ReadResult error = MessageReader.Read(JsonRpcText.Error(unread.Id, MessageFault.InternalError, NobodyReads));
            if (_asked.ToServer(error.Message!) is { } answer)
            {
                AnswerChild(answer);
            }
        }
    }

    // Progress is told before its answer, where that will come.
    private async ValueTask<bool> PutToOwnAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message.Method != Methods.Progress || !Members.Find(message.Body, "progressToken"u8, out JsonValue value))
        {
            return false;
        }

        ReadOnlyMemory<byte> token = message.TextOf(value);
        return Requests.Find(request => request.Token is { } own && own.Span.SequenceEqual(token.Span)) is { Box.TakesNews: true } request
            && await request.Box.PutAsync(message.Text, cancellationToken).ConfigureAwait(false);
    }
}
