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

        JsonRpcId id = message.Id!.Value;
        if (_pending.Find(id) is not null)
        {
            return Passage.Refuse(null, MessageFault.IdInUse);
        }

        Passage passage = message.Method == Methods.ToolsCall
            ? await guard.JudgeAsync(message, caller, cancellationToken).ConfigureAwait(false)
            : Passage.On(message);
        if (passage.Forward is null)
        {
            return passage;
        }

        if (_pending.TryAdd(PendingRequest.Of(message, passage.Call)) is not { } fault)
        {
            return passage;
        }

        if (passage.Call is { } call)
        {
            await call.SettleAsync(ToolCallOutcome.NotExecuted).ConfigureAwait(false);
        }

        return Passage.Refuse(fault == MessageFault.IdInUse ? null : id, fault);
    }

    /// <summary>Decides about a server's message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What goes to the client; null for an answer that nobody waits for.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> FromServerAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != MessageKind.Response || message.Id is not { } id)
        {
            NoteSubscription(message);
            return message.Text;
        }

        PendingRequest? request = _pending.Take(id);
        if (request is null)
        {
            if (_pending.FindAbandoned(id) is { } late)
            {
                await late.SettleAsync(OutcomeOf(message)).ConfigureAwait(false);
            }

            return null;
        }

        ReadOnlyMemory<byte> text = message.Text;
        if (request.Call is { } call)
        {
            text = await AnswerCallAsync(message, call).ConfigureAwait(false);
        }

        return ToolLists.IsList(message)
            ? await guard.Lists.FilterAsync(message, caller, request.IsStateless, cancellationToken).ConfigureAwait(false)
            : text;
    }

    /// <summary>A request's answer won't come, or nobody waits for it. The call may have run.</summary>
    /// <param name="id">The request's id.</param>
    /// <returns>Whether it was waited for.</returns>
    public async ValueTask<bool> AbandonAsync(JsonRpcId id)
    {
        if (_pending.Take(id) is not { } request)
        {
            return false;
        }

        if (_pending.Abandon(request) is { } forgotten)
        {
            await forgotten.SettleAsync(ToolCallOutcome.Failed).ConfigureAwait(false);
        }

        return true;
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

    private async ValueTask<ReadOnlyMemory<byte>> AnswerCallAsync(JsonRpcMessage response, JudgedCall call)
    {
        if (Continuations.Asks(response))
        {
            return guard.Continuations.Seal(response, call);
        }

        // A task runs behind its answer, and nobody reports it; what isn't known may do the same.
        if (!Continuations.GoesOn(response))
        {
            // Before it is sent, so that who reads the answer finds the marks that it leaves.
            await call.SettleAsync(OutcomeOf(response)).ConfigureAwait(false);
        }

        return response.Text;
    }

    private async ValueTask NoteAsync(JsonRpcMessage message)
    {
        _isInitialized |= message.Method == Methods.Initialized;
        if (message.Method == Methods.Cancelled
            && Members.Find(message.Body, "requestId"u8, out JsonValue value)
            && MessageReader.IdOf(message.Text, value) is { } id)
        {
            await AbandonAsync(id).ConfigureAwait(false);
        }
    }

    private void NoteSubscription(JsonRpcMessage message)
    {
        if (message.Method == Methods.Acknowledged
            && Members.Find(message.Body, "_meta"u8, out JsonValue meta)
            && Members.Find(meta, "io.modelcontextprotocol/subscriptionId"u8, out JsonValue value)
            && MessageReader.IdOf(message.Text, value) is { } id)
        {
            _pending.Find(id)?.Acknowledge();
        }
    }
}
