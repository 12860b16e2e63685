namespace PolicyLayer.Proxy.Messages;

/// <summary>The kinds of JSON-RPC messages.</summary>
internal enum MessageKind
{
    /// <summary>It has a method and an id, and wants an answer.</summary>
    Request,

    /// <summary>It has a method and no id.</summary>
    Notification,

    /// <summary>It has a result or an error.</summary>
    Response,
}
