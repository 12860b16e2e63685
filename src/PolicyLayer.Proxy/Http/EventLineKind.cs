namespace PolicyLayer.Proxy.Http;

/// <summary>What a line of an event is.</summary>
internal enum EventLineKind
{
    /// <summary>It goes on as it is.</summary>
    Field,

    /// <summary>It is of the event's message.</summary>
    Data,

    /// <summary>It shows that somebody is there, and needs no text for that.</summary>
    Comment,

    /// <summary>It is nothing that a reader knows, or that all readers see as one line.</summary>
    Unknown,
}
