using System.Threading.Channels;

namespace PolicyLayer.Cli.Proxying;

/// <summary>
/// Lines for a reader who may be slow, or read nothing at all: no call waits for them. What there is no room for is left out, and counted
/// on the next line that there is. Safe for any number of threads.
/// </summary>
internal sealed class LineQueue : IAsyncDisposable
{
    private const int Capacity = 256;

    // So long the end of the process waits for the reader.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly TextWriter _output;
    private readonly Func<long, string> _describeDropped;
    private readonly TimeProvider _time;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Task _writing;
    private long _dropped;

    /// <param name="output">Where to.</param>
    /// <param name="describeDropped">The line that says how many were left out.</param>
    /// <param name="time">The clock of the wait at the end.</param>
    public LineQueue(TextWriter output, Func<long, string> describeDropped, TimeProvider time)
    {
        _output = output;
        _describeDropped = describeDropped;
        _time = time;
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Adds a line. It never waits, and never throws.</summary>
    public void Add(string line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what waits, if that is read soon.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(Patience, _time)).ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _output.WriteLineAsync(line).ConfigureAwait(false);
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                {
                    await _output.WriteLineAsync(_describeDropped(dropped)).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody reads any more, which is no reason to end.
        }
    }
}
