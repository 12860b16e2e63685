using Microsoft.AspNetCore.Http;

namespace PolicyLayer.Proxy.Http;

/// <summary>The events that go to a client as an answer, whole ones one after another. Safe for any number of threads.</summary>
internal sealed class ClientStream(HttpResponse response) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _announcements;

    /// <summary>Sends bytes that are whole events or comments, and waits until the client has room for more.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> events, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await response.BodyWriter.WriteAsync(events, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Sends a message as an event of its own.</summary>
    public ValueTask WriteMessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        WriteAsync(EventText.Of(message), cancellationToken);

    /// <summary>Sends what changed, unless the same already waits to be sent.</summary>
    public async Task AnnounceAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _announcements, 1) != 0)
        {
            return;
        }

        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _announcements, 0);
            foreach (ReadOnlyMemory<byte> message in messages)
            {
                await response.BodyWriter.WriteAsync(EventText.Of(message), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();
}
