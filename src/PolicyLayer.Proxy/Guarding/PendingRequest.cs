using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>A client's request that the server hasn't answered.</summary>
internal sealed class PendingRequest
{
    private readonly bool _listens;
    private volatile bool _isAcknowledged;

    /// <summary>Takes a request down.</summary>
    public PendingRequest(JsonRpcMessage request)
    {
        Id = request.Id!.Value;
        IsStateless = RequestRevision.IsStateless(request);
        HeldBytes = IsStateless && request.Method == Methods.ToolsCall ? request.Text.Length : 0;
        IsSubscription = request.Method == Methods.Listen;
        _listens = IsSubscription
            && Members.Find(request.Body, "notifications"u8, out JsonValue wanted)
            && Members.Find(wanted, "toolsListChanged"u8, out JsonValue wants)
            && wants.Kind == JsonKind.True;
    }

    public JsonRpcId Id { get; }

    /// <summary>Whether it is of a revision without sessions.</summary>
    public bool IsStateless { get; }

    /// <summary>How much of it is kept until it is answered: the arguments of a call that the client may come back to.</summary>
    public int HeldBytes { get; }

    /// <summary>The call that was allowed; null for any other request, and while it is judged.</summary>
    public JudgedCall? Call { get; set; }

    /// <summary>Whether it stays open for news.</summary>
    public bool IsSubscription { get; }

    /// <summary>Whether news of the list of tools may be sent: the server has said first that it listens.</summary>
    public bool IsListening => _listens && _isAcknowledged;

    /// <summary>The server has said that it listens.</summary>
    public void Acknowledge() => _isAcknowledged = true;
}
