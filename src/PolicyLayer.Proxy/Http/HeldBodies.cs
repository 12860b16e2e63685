namespace PolicyLayer.Proxy.Http;

/// <summary>What the requests of each grant that are being answered hold in memory. Safe for any number of threads.</summary>
internal sealed class HeldBodies
{
    /// <summary>So many bytes of one grant, unless it is one body alone.</summary>
    public const int Max = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _byGrant = new(StringComparer.Ordinal);

    /// <summary>Begins to hold a body.</summary>
    /// <param name="grantId">Whose.</param>
    public HeldBody Begin(string grantId) => new(this, grantId);

    /// <summary>A body as it comes in; what it holds is given back at its end.</summary>
    internal sealed class HeldBody(HeldBodies all, string grantId) : IDisposable
    {
        private long _own;

        /// <summary>Takes so much more, where there is room.</summary>
        public bool TryAdd(int bytes)
        {
            lock (all._lock)
            {
                long held = all._byGrant.GetValueOrDefault(grantId);
                if (held > _own && held + bytes > Max)
                {
                    return false;
                }

                all._byGrant[grantId] = held + bytes;
                _own += bytes;
                return true;
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (all._lock)
            {
                long rest = all._byGrant.GetValueOrDefault(grantId) - _own;
                _own = 0;
                if (rest > 0)
                {
                    all._byGrant[grantId] = rest;
                }
                else
                {
                    all._byGrant.Remove(grantId);
                }
            }
        }
    }
}
