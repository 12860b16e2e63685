using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// How the client opened its session with the server, as it has to be said again to the next one. In revisions without sessions nothing is.
/// Safe for any number of threads.
/// </summary>
internal sealed class LegacySession
{
    private readonly Lock _lock = new();
    private JsonRpcMessage? _asked;
    private JsonRpcMessage? _initialize;
    private ReadOnlyMemory<byte>? _initialized;
    private ReadOnlyMemory<byte>? _early;

    /// <summary>The request that opened it; null where none was answered.</summary>
    public JsonRpcMessage? Initialize
    {
        get
        {
            lock (_lock)
            {
                return _initialize;
            }
        }
    }

    /// <summary>What the client said then; null for nothing yet.</summary>
    public ReadOnlyMemory<byte>? Initialized
    {
        get
        {
            lock (_lock)
            {
                return _initialized;
            }
        }
    }

    /// <summary>The client says something.</summary>
    public void NoteSent(JsonRpcMessage message)
    {
        if (message.Method is not (Methods.Initialize or Methods.Initialized))
        {
            return;
        }

        lock (_lock)
        {
            if (message.Method == Methods.Initialize)
            {
                if (message.Kind == MessageKind.Request)
                {
                    (_asked, _early) = (message, null);
                }
            }
            else if (_asked is not null)
            {
                // Some clients don't wait for the answer.
                _early = message.Text;
            }
            else if (_initialize is not null)
            {
                _initialized = message.Text;
            }
        }
    }

    /// <summary>The server answers something.</summary>
    public void NoteAnswer(JsonRpcMessage message)
    {
        lock (_lock)
        {
            if (_asked is null || message.Id is not { } id || !id.MayAnswer(_asked.Id!.Value))
            {
                return;
            }

            if (!message.IsError)
            {
                (_initialize, _initialized) = (_asked, _early);
            }

            (_asked, _early) = (null, null);
        }
    }

    /// <summary>The server ended: what it hasn't answered opened nothing.</summary>
    public void NoteEnd()
    {
        lock (_lock)
        {
            (_asked, _early) = (null, null);
        }
    }
}
