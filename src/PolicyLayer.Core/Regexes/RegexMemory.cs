namespace PolicyLayer.Regexes;

/// <summary>
/// What the regexes of one policy may remember of the texts that they have read, in bytes. Safe for concurrent use. What they answer, and
/// the work that they count, depends on none of it.
/// </summary>
internal sealed class RegexMemory(int bytesPerRegex, long bytesInAll)
{
    private readonly Lock _gate = new();
    private readonly List<RegexCache> _caches = [];
    private long _used;

    public int BytesPerRegex => bytesPerRegex;

    /// <summary>How much is taken now.</summary>
    public long Used => Volatile.Read(ref _used);

    public void Register(RegexCache cache)
    {
        lock (_gate)
        {
            _caches.Add(cache);
        }
    }

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= bytesInAll)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>Lets every regex begin anew, if little is left to take.</summary>
    public void ClearIfShort()
    {
        if (Used < bytesInAll / 2)
        {
            return;
        }

        lock (_gate)
        {
            foreach (RegexCache cache in _caches)
            {
                cache.Clear();
            }
        }
    }
}
