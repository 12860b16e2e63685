using System.Buffers;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>Writes messages to a stream, each as one line in one write. Safe for any number of threads.</summary>
/// <param name="stream">Where to, which stays the caller's.</param>
internal sealed class LineWriter(Stream stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isTorn;

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message, which is JSON.</param>
    /// <param name="cancellationToken">Gives up, though the stream doesn't. A line that was begun then is the last one.</param>
    /// <exception cref="IOException">The stream can't be written, or a line was left unfinished.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        Task writing = WriteLineAsync(message, cancellationToken);
        await (writing.IsCompleted ? writing : writing.WaitAsync(cancellationToken)).ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();

    private async Task WriteLineAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        byte[] line = ArrayPool<byte>.Shared.Rent(message.Length + 1);
        bool isWhole = false;
        try
        {
            if (_isTorn)
            {
                throw new IOException("A line before it was left unfinished.");
            }

            message.Span.CopyTo(line);
            Span<byte> text = line.AsSpan(0, message.Length);

            // JSON has them between its tokens alone, and there they are as good as spaces.
            text.Replace((byte)'\n', (byte)' ');
            text.Replace((byte)'\r', (byte)' ');
            line[message.Length] = (byte)'\n';
            await stream.WriteAsync(line.AsMemory(0, message.Length + 1), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            isWhole = true;
        }
        finally
        {
            // Not before the write has ended, though nobody waits for it any more: nobody else may write between its bytes.
            ArrayPool<byte>.Shared.Return(line);
            _isTorn |= !isWhole;
            _turn.Release();
        }
    }
}
