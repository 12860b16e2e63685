using System.Net;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Slows down who tries tokens: after so many failures of an address within a minute each more is answered late, and while so many answers
/// wait nobody else of that address is heard without a right token. It remembers so many addresses, and counts all others as one. Safe for
/// any number of threads.
/// </summary>
internal sealed class FailedAttempts(TimeProvider clock)
{
    /// <summary>So many failures are answered at once.</summary>
    public const int Free = 10;

    /// <summary>So many answers of an address wait at a time.</summary>
    public const int MaxWaiting = 16;

    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private const int MaxAddresses = 4096;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Attempts> _byAddress = [];

    /// <summary>Whether nobody of an address is heard now.</summary>
    public bool IsBlocked(IPAddress? address)
    {
        lock (_lock)
        {
            return _byAddress.TryGetValue(ClientAddress.KeyOf(address), out Attempts? attempts) && attempts.Waiting >= MaxWaiting;
        }
    }

    /// <summary>Takes down a failure, and waits if there were too many.</summary>
    public async Task FailAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        Attempts attempts;
        lock (_lock)
        {
            attempts = Of(ClientAddress.KeyOf(address));
            if (++attempts.Failures <= Free)
            {
                return;
            }

            attempts.Waiting++;
        }

        try
        {
            await Task.Delay(Delay, clock, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                attempts.Waiting--;
            }
        }
    }

    private Attempts Of(IPAddress key)
    {
        long now = clock.GetTimestamp();
        if (_byAddress.TryGetValue(key, out Attempts? known))
        {
            if (IsForgotten(known, now))
            {
                (known.Failures, known.Since) = (0, now);
            }

            return known;
        }

        if (_byAddress.Count >= MaxAddresses)
        {
            foreach (IPAddress old in _byAddress.Where(entry => IsForgotten(entry.Value, now)).Select(entry => entry.Key).ToArray())
            {
                _byAddress.Remove(old);
            }
        }

        if (_byAddress.Count >= MaxAddresses)
        {
            key = IPAddress.None;
            if (_byAddress.TryGetValue(key, out Attempts? shared))
            {
                return shared;
            }
        }

        return _byAddress[key] = new Attempts { Since = now };
    }

    private bool IsForgotten(Attempts attempts, long now) =>
        attempts.Waiting == 0 && clock.GetElapsedTime(attempts.Since, now) >= Memory;

    private sealed class Attempts
    {
        public int Failures { get; set; }

        public int Waiting { get; set; }

        public long Since { get; set; }
    }
}
