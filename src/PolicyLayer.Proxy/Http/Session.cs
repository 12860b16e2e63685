using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Proxy.Http;

/// <summary>A session that a server gave to a caller, and what they say in it.</summary>
/// <param name="id">The server's word for it.</param>
/// <param name="identity">Whose it is.</param>
/// <param name="conversation">What is said.</param>
internal sealed class Session(string id, Identity identity, Conversation conversation)
{
    public string Id => id;

    public Identity Identity => identity;

    public Conversation Conversation => conversation;

    /// <summary>The events after which its client can go on.</summary>
    public ShownEvents Shown { get; } = new();

    /// <summary>How many requests are in it now. <see cref="Sessions"/> alone reads and writes it, and the next.</summary>
    public int Active { get; set; }

    /// <summary>When the last of them ended.</summary>
    public long LastUsed { get; set; }
}
