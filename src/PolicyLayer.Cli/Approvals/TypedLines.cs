using System.Text;
using System.Threading.Channels;

namespace PolicyLayer.Cli.Approvals;

/// <summary>The lines that a person types, read as they come: what was typed before a question was seen is no answer to it.</summary>
internal sealed class TypedLines(Stream input)
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>Begins to read, in the background: a terminal's stream heeds no token.</summary>
    public void Start() => _ = Task.Run(ReadAsync);

    /// <summary>Forgets what was typed until now.</summary>
    public void Drop()
    {
        while (_lines.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Waits for a line or for something else; false at the end of the input.</summary>
    public async Task<bool> WaitAsync(Task other, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> next = _lines.Reader.WaitToReadAsync(waiting.Token).AsTask();
        Task first = await Task.WhenAny(next, other).ConfigureAwait(false);
        if (first == next)
        {
            return await next.ConfigureAwait(false);
        }

        await waiting.CancelAsync().ConfigureAwait(false);
        await other.ConfigureAwait(false);
        return true;
    }

    /// <summary>The next line that was typed; null where there is none yet.</summary>
    public string? Take() => _lines.Reader.TryRead(out string? line) ? line : null;

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(input, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                _lines.Writer.TryWrite(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The terminal is gone.
        }

        _lines.Writer.Complete();
    }
}
