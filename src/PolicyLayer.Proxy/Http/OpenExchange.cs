using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Proxy.Http;

/// <summary>A request that is being answered. It ends when the client goes, or when somebody ends it for a reason.</summary>
internal sealed class OpenExchange : IDisposable
{
    private readonly CancellationTokenSource _ended;
    private string? _reason;

    /// <summary>Begins.</summary>
    /// <param name="conversation">What it is part of.</param>
    /// <param name="isListening">Whether it is there to be told news: no request of the client's waits for its end.</param>
    /// <param name="clientGone">The client went.</param>
    public OpenExchange(Conversation conversation, bool isListening, CancellationToken clientGone)
    {
        Conversation = conversation;
        IsListening = isListening;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        Ended = _ended.Token;
    }

    /// <summary>What it is part of; an <c>initialize</c> goes over into the session that it begins.</summary>
    public Conversation Conversation { get; set; }

    public bool IsListening { get; }

    /// <summary>Whether its conversation goes on behind it.</summary>
    public bool IsOfSession { get; set; }

    /// <summary>Of the token that began it; null where none is asked for.</summary>
    public string? TokenSha256 { get; init; }

    /// <summary>The events that its session has shown; null without one.</summary>
    public ShownEvents? Shown { get; set; }

    /// <summary>Where its client reads events; null where it doesn't.</summary>
    public ClientStream? Stream { get; set; }

    public CancellationToken Ended { get; }

    /// <summary>Why it was ended; null where it wasn't, or the client went.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Ends it.</summary>
    /// <param name="reason">What to tell the client.</param>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Dispose();
        Stream?.Dispose();
    }
}
