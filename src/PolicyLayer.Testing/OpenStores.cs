namespace PolicyLayer.Testing;

/// <summary>The stores that one run of a case opened.</summary>
internal abstract class OpenStores<TStore> : IAsyncDisposable
    where TStore : class
{
    private readonly List<TStore> _open = [];

    public async Task CloseAsync()
    {
        foreach (TStore store in _open)
        {
            if (store is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (store as IDisposable)?.Dispose();
            }
        }

        _open.Clear();
    }

    public ValueTask DisposeAsync() => new(CloseAsync());

    protected void Opened(TStore store) => _open.Add(store);
}
