using System.Threading.Channels;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// Has clients told of a reload, one after the other and not on the thread that reloads. Reloads that come meanwhile are told as one.
/// </summary>
internal sealed class ReloadNews : IAsyncDisposable
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly ToolCallAuthorizer _authorizer;
    private readonly Task _telling;

    /// <summary>Begins.</summary>
    /// <param name="authorizer">What is reloaded.</param>
    /// <param name="tell">Tells of it, and doesn't throw.</param>
    public ReloadNews(ToolCallAuthorizer authorizer, Func<Task> tell)
    {
        _authorizer = authorizer;
        _telling = TellAsync(tell);
        authorizer.Reloaded += Note;
    }

    public async ValueTask DisposeAsync()
    {
        _authorizer.Reloaded -= Note;
        _news.Writer.TryComplete();
        await _telling.ConfigureAwait(false);
    }

    private void Note(object? sender, PolicyReloadedEventArgs e) => _news.Writer.TryWrite(true);

    private async Task TellAsync(Func<Task> tell)
    {
        await foreach (bool _ in _news.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await tell().ConfigureAwait(false);
        }
    }
}
