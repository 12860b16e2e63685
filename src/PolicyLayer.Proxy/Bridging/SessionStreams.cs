using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>
/// The streams that one session reads: those that it opened to be told news come first, then those of requests in flight, the latest of
/// each. What comes while there is none waits for the next. Safe for any number of threads.
/// </summary>
internal sealed class SessionStreams
{
    /// <summary>So many messages wait for a stream.</summary>
    public const int MaxWaiting = 100;

    private readonly Lock _lock = new();
    private readonly List<Mailbox> _first = [];
    private readonly List<Mailbox> _others = [];
    private readonly Queue<JsonRpcMessage> _waiting = new();
    private bool _isClosed;

    /// <summary>A stream is read.</summary>
    public void Add(Mailbox box, bool isFirst)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                box.Close();
                return;
            }

            (isFirst ? _first : _others).Add(box);
            Fill(box);
        }
    }

    /// <summary>It isn't read any more: what was left in it is for the next.</summary>
    public void Return(Mailbox box)
    {
        lock (_lock)
        {
            Remove(box);
            while (box.News.TryRead(out ReadOnlyMemory<byte> text))
            {
                if (_waiting.Count < MaxWaiting && MessageReader.ReadServer(text).Message is { } message)
                {
                    _waiting.Enqueue(message);
                }
            }

            if (Latest() is { } next)
            {
                Fill(next);
            }
        }
    }

    /// <summary>Puts a message into a stream, and waits for room.</summary>
    /// <returns>A message that nobody will read, as too many came after it; null for none.</returns>
    public async ValueTask<JsonRpcMessage?> PutAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            Mailbox? box;
            lock (_lock)
            {
                box = Latest();
                if (box is null)
                {
                    _waiting.Enqueue(message);
                    return _waiting.Count > MaxWaiting ? _waiting.Dequeue() : null;
                }
            }

            if (await box.PutAsync(message.Text, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            lock (_lock)
            {
                Remove(box);
            }
        }
    }

    /// <summary>Who said what waits isn't there any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _waiting.Clear();
        }
    }

    /// <summary>Ends all of them.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (Mailbox box in _first.Concat(_others))
            {
                box.Close();
            }
        }
    }

    private Mailbox? Latest() => _first.LastOrDefault() ?? _others.LastOrDefault();

    private void Remove(Mailbox box)
    {
        _first.Remove(box);
        _others.Remove(box);
    }

    private void Fill(Mailbox box)
    {
        while (_waiting.TryPeek(out JsonRpcMessage? message) && box.TryPut(message.Text))
        {
            _waiting.Dequeue();
        }
    }
}
