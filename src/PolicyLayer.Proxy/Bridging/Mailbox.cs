using System.Threading.Channels;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>
/// What waits to be written to a caller's stream: first what is told, then the answer. For one reader and any number of writers.
/// </summary>
/// <param name="takesNews">Whether the caller reads anything beside the answer.</param>
internal sealed class Mailbox(bool takesNews)
{
    /// <summary>So many messages wait; who can't wait with more loses them.</summary>
    public const int Capacity = 128;

    private readonly Channel<ReadOnlyMemory<byte>> _news = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    private Answer? _answer;

    public bool TakesNews => takesNews;

    /// <summary>The answer, once nothing more can be read; null where none comes.</summary>
    public Answer? Answer => Volatile.Read(ref _answer);

    /// <summary>What can be read before it.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> News => _news.Reader;

    /// <summary>Puts a message in where there is room.</summary>
    public bool TryPut(ReadOnlyMemory<byte> message) => takesNews && _news.Writer.TryWrite(message);

    /// <summary>Puts a message in, and waits for room.</summary>
    /// <returns>False where nobody reads it any more.</returns>
    public async ValueTask<bool> PutAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await _news.Writer.WriteAsync(message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="answer">The answer; null for none.</param>
    public void Close(Answer? answer = null)
    {
        if (answer is not null)
        {
            Interlocked.CompareExchange(ref _answer, answer, null);
        }

        _news.Writer.TryComplete();
    }
}
