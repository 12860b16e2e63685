using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>A client's request that the server hasn't answered.</summary>
/// <param name="id">Its id.</param>
/// <param name="isStateless">Whether it is of a revision without sessions.</param>
/// <param name="call">The call that was allowed; null for any other request.</param>
/// <param name="listens">Whether it waits for news of the list of tools.</param>
internal sealed class PendingRequest(JsonRpcId id, bool isStateless, JudgedCall? call, bool listens)
{
    private volatile bool _isAcknowledged;

    public JsonRpcId Id => id;

    public bool IsStateless => isStateless;

    public JudgedCall? Call => call;

    /// <summary>Whether news of the list of tools may be sent: the server has said first that it listens.</summary>
    public bool IsListening => listens && _isAcknowledged;

    /// <summary>Takes a request down.</summary>
    public static PendingRequest Of(JsonRpcMessage request, JudgedCall? call) => new(
        request.Id!.Value,
        RequestRevision.IsStateless(request),
        call,
        request.Method == Methods.Listen
            && Members.Find(request.Body, "notifications"u8, out JsonValue wanted)
            && Members.Find(wanted, "toolsListChanged"u8, out JsonValue wants)
            && wants.Kind == JsonKind.True);

    /// <summary>The server has said that it listens.</summary>
    public void Acknowledge() => _isAcknowledged = true;
}
