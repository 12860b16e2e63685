using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>
/// All servers that run: one for each session, bound to whom it was given to, and one for each grant of callers without sessions. Safe for
/// any number of threads.
/// </summary>
internal sealed class Children(HttpSettings settings, UpstreamCommand command, CallGuard guard, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long one may go unused.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly HashSet<BridgeChild> _running = [];
    private readonly Dictionary<string, SessionChild> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SharedChild> _shared = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Starts the server of a new session, and goes into it, until <see cref="Leave"/>.</summary>
    /// <returns>The server; null where too many run.</returns>
    /// <exception cref="UpstreamException">It can't be started.</exception>
    public SessionChild? Begin(Identity identity)
    {
        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        lock (_lock)
        {
            if (IsFull())
            {
                return null;
            }

            var conversation = new Conversation(guard, identity.CallerIn(id));
            var child = new SessionChild(command, settings.Guard, logger, id, identity, conversation);
            Start(child);
            _sessions.Add(id, child);
            return child;
        }
    }

    /// <summary>Goes into a session, until <see cref="Leave"/>.</summary>
    /// <returns>Its server; null where it isn't that one's.</returns>
    public SessionChild? Enter(string id, Identity identity)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out SessionChild? child) || IsIdle(child))
            {
                return null;
            }

            if (child.Identity == identity)
            {
                child.Active++;
                return child;
            }
        }

        HttpLog.ForeignSession(logger, identity.GrantId);
        return null;
    }

    /// <summary>Goes to the server that a grant's callers share, until <see cref="Leave"/>; it is started where it doesn't run.</summary>
    /// <returns>The server; null where too many run.</returns>
    /// <exception cref="UpstreamException">It can't be started.</exception>
    public SharedChild? EnterShared(string grantId)
    {
        lock (_lock)
        {
            if (_shared.TryGetValue(grantId, out SharedChild? known))
            {
                known.Active++;
                return known;
            }

            if (IsFull())
            {
                return null;
            }

            var child = new SharedChild(command, settings.Guard, logger, grantId);
            Start(child);
            _shared.Add(grantId, child);
            return child;
        }
    }

    /// <summary>Goes out.</summary>
    public void Leave(BridgeChild child)
    {
        lock (_lock)
        {
            child.Active--;
            child.LastUsed = settings.Guard.TimeProvider.GetTimestamp();
        }
    }

    /// <summary>Ends a server: nobody finds it any more.</summary>
    public async ValueTask EndAsync(BridgeChild child)
    {
        lock (_lock)
        {
            Unlist(child);
        }

        await child.DisposeAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _running.Remove(child);
        }
    }

    /// <summary>Ends those that nobody used for too long, or may use any more.</summary>
    public async ValueTask ForgetAsync()
    {
        BridgeChild[] forgotten;
        lock (_lock)
        {
            forgotten = [.. _running.Where(child => IsIdle(child) || !settings.IsInForce(child.GrantId, child.TokenSha256))];
            Array.ForEach(forgotten, Unlist);
        }

        await Task.WhenAll(forgotten.Select(child => child.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>Ends all processes at once, waits for nothing, and lets no other start.</summary>
    public void Kill()
    {
        BridgeChild[] all;
        lock (_lock)
        {
            _isClosed = true;
            all = [.. _running];
        }

        Array.ForEach(all, child => child.Kill());
    }

    /// <summary>Ends all of them, and lets no other start.</summary>
    public async ValueTask DisposeAsync()
    {
        BridgeChild[] all;
        lock (_lock)
        {
            _isClosed = true;
            all = [.. _running];
        }

        await Task.WhenAll(all.Select(child => child.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private bool IsFull() => _isClosed || _running.Count >= settings.MaxChildren;

    private bool IsIdle(BridgeChild child) =>
        child.Active == 0 && settings.Guard.TimeProvider.GetElapsedTime(child.LastUsed) >= Idle;

    private void Start(BridgeChild child)
    {
        child.Active = 1;
        child.Start();
        _running.Add(child);
        _ = WatchAsync(child);
    }

    private async Task WatchAsync(BridgeChild child)
    {
        await child.Ended.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            Unlist(child);
            _running.Remove(child);
        }
    }

    private void Unlist(BridgeChild child)
    {
        if (child is SessionChild session)
        {
            _sessions.Remove(session.Id);
        }
        else if (_shared.GetValueOrDefault(child.GrantId) == child)
        {
            _shared.Remove(child.GrantId);
        }
    }
}
