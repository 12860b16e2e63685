using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// What one caller and a server say to each other: judges the caller's calls, and holds the server's answers to the requests that they are
/// for. Safe for any number of threads.
/// </summary>
internal sealed class Conversation(CallGuard guard, Caller caller)
{
    private readonly PendingRequests _pending = new();
    private volatile bool _isInitialized;

    /// <summary>Who talks to the server.</summary>
    public Caller Caller => caller;

    /// <summary>Whether all requests of the client's are answered.</summary>
    public bool IsIdle => _pending.IsEmpty;

    /// <summary>How many requests the server hasn't answered, waited for or not.</summary>
    public int Unanswered => _pending.Count;

    /// <summary>Decides about a client's message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It gave up; nothing was spent.</exception>
    public async ValueTask<Passage> FromClientAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != MessageKind.Request)
        {
            await NoteAsync(message).ConfigureAwait(false);
            return Passage.On(message);
        }

        var request = new PendingRequest(message);
        if (_pending.TryAdd(request, out bool isWaitedFor) is { } fault)
        {
            return Passage.Refuse(isWaitedFor ? null : request.Id, fault);
        }

        return message.Method == Methods.ToolsCall
            ? await JudgeAsync(message, request, cancellationToken).ConfigureAwait(false)
            : Passage.On(message);
    }

    /// <summary>The id of the request that an answer is for, which it may write in another way; its own where there is none.</summary>
    public JsonRpcId RequestOf(JsonRpcId answer) => _pending.RequestOf(answer);

    /// <summary>Decides about a server's message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What goes to the client; null for an answer that nobody waits for.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> FromServerAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != MessageKind.Response || message.Id is not { } id)
        {
            NoteServer(message);
            return message.Text;
        }

        if (_pending.TakeAnswered(id) is not { } request)
        {
            if (_pending.TakeAbandoned(id)?.Call is { } late)
            {
                // Nobody can answer what it asks for, or waits for what goes on.
                await late.SettleAsync(Continuations.GoesOn(message) ? ToolCallOutcome.Failed : OutcomeOf(message)).ConfigureAwait(false);
            }

            return null;
        }

        var edits = new TextEdits();
        if (request.Call is { } call)
        {
            await AnswerCallAsync(message, call, edits).ConfigureAwait(false);
        }

        if (ToolLists.IsList(message))
        {
            await guard.Lists.FilterAsync(message, caller, request.IsStateless, edits, cancellationToken).ConfigureAwait(false);
        }

        return edits.ApplyTo(message.Text);
    }

    /// <summary>A request's answer won't come, or nobody waits for it. The call may have run.</summary>
    /// <param name="id">The request's id.</param>
    /// <returns>Whether it was waited for.</returns>
    public async ValueTask<bool> AbandonAsync(JsonRpcId id)
    {
        bool wasWaitedFor = _pending.Abandon(id, out JudgedCall? forgotten);
        if (forgotten is not null)
        {
            await forgotten.SettleAsync(ToolCallOutcome.Failed).ConfigureAwait(false);
        }

        return wasWaitedFor;
    }

    /// <summary>A request surely never reached the server.</summary>
    /// <param name="id">The request's id.</param>
    public async ValueTask ReturnAsync(JsonRpcId id)
    {
        if (_pending.Take(id)?.Call is { } call)
        {
            await call.SettleAsync(ToolCallOutcome.NotExecuted).ConfigureAwait(false);
        }
    }

    /// <summary>The server won't answer any more: all calls that it has may have run.</summary>
    /// <param name="reason">What to tell the client.</param>
    /// <returns>The answers to all that is waited for.</returns>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> EndAsync(string reason)
    {
        (IReadOnlyList<PendingRequest> open, IReadOnlyList<PendingRequest> abandoned) = _pending.TakeAll();
        foreach (PendingRequest request in open.Concat(abandoned))
        {
            if (request.Call is { } call)
            {
                await call.SettleAsync(ToolCallOutcome.Failed).ConfigureAwait(false);
            }
        }

        return [.. open.Select(request => JsonRpcText.Error(request.Id, MessageFault.InternalError, reason))];
    }

    /// <summary>
    /// What tells the client that its list of tools isn't the one of before: on each of its subscriptions, or, in a session of an earlier
    /// revision, by itself once it is initialized.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> ListChanges()
    {
        IEnumerable<ReadOnlyMemory<byte>> subscribed = _pending.Listening().Select(JsonRpcText.ListChangedFor);
        return _isInitialized ? subscribed.Prepend(JsonRpcText.ListChanged) : subscribed;
    }

    private static ToolCallOutcome OutcomeOf(JsonRpcMessage response) =>
        response.IsError || (Members.Find(response.Body, "isError"u8, out JsonValue isError) && isError.Kind == JsonKind.True)
            ? ToolCallOutcome.Failed
            : ToolCallOutcome.Succeeded;

    private async ValueTask<Passage> JudgeAsync(JsonRpcMessage message, PendingRequest request, CancellationToken cancellationToken)
    {
        Passage passage = default;
        try
        {
            passage = await guard.JudgeAsync(message, caller, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (passage.Call is null && !_pending.Remove(request))
            {
                passage = default;
            }
        }

        if (passage.Call is { } call && !_pending.TryAllow(request, call))
        {
            // Its client gave it up, or was answered, while it was judged.
            await call.SettleAsync(ToolCallOutcome.NotExecuted).ConfigureAwait(false);
            return default;
        }

        return passage;
    }

    private async ValueTask AnswerCallAsync(JsonRpcMessage response, JudgedCall call, TextEdits edits)
    {
        if (Continuations.Asks(response))
        {
            guard.Continuations.Seal(response, call, edits);
            return;
        }

        // A task runs behind its answer, and nobody reports it; what isn't known may do the same.
        if (!Continuations.GoesOn(response))
        {
            // Before it is sent, so that who reads the answer finds the marks that it leaves.
            await call.SettleAsync(OutcomeOf(response)).ConfigureAwait(false);
        }
    }

    private async ValueTask NoteAsync(JsonRpcMessage message)
    {
        _isInitialized |= message.Method == Methods.Initialized;
        if (message.Method == Methods.Cancelled
            && Members.Find(message.Body, "requestId"u8, out JsonValue value)
            && message.IdOf(value) is { } id)
        {
            await AbandonAsync(id).ConfigureAwait(false);
        }
    }

    private void NoteServer(JsonRpcMessage message)
    {
        // A subscription may end so; a server of an earlier revision speaks of its own requests, whose ids may be the same.
        if (message.Method == Methods.Cancelled
            && Members.Find(message.Body, "requestId"u8, out JsonValue cancelled)
            && message.IdOf(cancelled) is { } ended
            && _pending.Find(ended) is { IsSubscription: true } subscription)
        {
            _pending.Remove(subscription);
        }

        if (message.Method == Methods.Acknowledged
            && Members.Find(message.Body, "_meta"u8, out JsonValue meta)
            && Members.Find(meta, "io.modelcontextprotocol/subscriptionId"u8, out JsonValue value)
            && message.IdOf(value) is { } id)
        {
            _pending.Find(id)?.Acknowledge();
        }
    }
}
