using System.Collections.Concurrent;

namespace PolicyLayer.Proxy.Http;

/// <summary>All requests that are being answered, and what happens to them from outside. Safe for any number of threads.</summary>
internal sealed class OpenExchanges(HttpSettings settings)
{
    private const string Closing = "The proxy is shutting down.";

    private readonly ConcurrentDictionary<OpenExchange, bool> _open = new();
    private volatile bool _isClosing;

    /// <summary>Whether no more are taken.</summary>
    public bool IsClosing => _isClosing;

    public void Add(OpenExchange exchange)
    {
        _open.TryAdd(exchange, true);
        if (_isClosing && exchange.IsListening)
        {
            exchange.End(Closing);
        }

        // INVARIANT: after it is there, as its grant may have been revoked since its token was looked at: either sees the other.
        EndIfRevoked(exchange);
    }

    public void Remove(OpenExchange exchange) => _open.TryRemove(exchange, out _);

    /// <summary>Ends those of grants that aren't in force any more, or not for the token that began them.</summary>
    public void EndRevoked()
    {
        foreach (OpenExchange exchange in _open.Keys)
        {
            EndIfRevoked(exchange);
        }
    }

    /// <summary>Tells clients, once for each conversation, that their list of tools isn't the one of before.</summary>
    public void Announce()
    {
        // A session's news go to one of its streams; a request of no session has a conversation of its own.
        foreach (IGrouping<object, OpenExchange> exchanges in _open.Keys
            .Where(exchange => exchange.Stream is not null && (exchange.IsListening || !exchange.IsOfSession))
            .GroupBy(exchange => (object)exchange.Conversation))
        {
            _ = AnnounceAsync(exchanges.First());
        }
    }

    /// <summary>Takes no more, and ends those that nobody waits for.</summary>
    public void Close()
    {
        _isClosing = true;
        foreach (OpenExchange exchange in _open.Keys.Where(exchange => exchange.IsListening))
        {
            exchange.End(Closing);
        }
    }

    /// <summary>Ends all of them.</summary>
    public void EndAll()
    {
        foreach (OpenExchange exchange in _open.Keys)
        {
            exchange.End(Closing);
        }
    }

    private void EndIfRevoked(OpenExchange exchange)
    {
        if (exchange.Conversation.Caller.GrantId is { } grantId && !settings.IsInForce(grantId, exchange.TokenSha256))
        {
            exchange.End("The grant isn't in force any more.");
        }
    }

    private static async Task AnnounceAsync(OpenExchange exchange)
    {
        try
        {
            await exchange.Stream!.AnnounceAsync([.. exchange.Conversation.ListChanges()], exchange.Ended).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client has gone, or is going.
        }
    }
}
