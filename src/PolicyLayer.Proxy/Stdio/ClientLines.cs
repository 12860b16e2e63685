namespace PolicyLayer.Proxy.Stdio;

/// <summary>The client's side: its lines in, ours out. Writing is safe for any number of threads, reading for one.</summary>
/// <param name="input">What it writes.</param>
/// <param name="output">What it reads.</param>
/// <param name="maxBytes">The longest line that it may write.</param>
internal sealed class ClientLines(Stream input, Stream output, int maxBytes) : IDisposable
{
    private readonly LineReader _reader = new(input, maxBytes, takesTorn: false);
    private readonly LineWriter _writer = new(output);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it doesn't read any more.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Reads its next line.</summary>
    /// <returns>The line; null when it has closed its side.</returns>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Writes a message, unless it doesn't read any more.</summary>
    /// <exception cref="OperationCanceledException">It gave up.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await _writer.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _gone.TrySetResult();
        }
    }

    public void Dispose() => _writer.Dispose();
}
