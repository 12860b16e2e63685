using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// The sessions that the server gave, each bound to whom it was given to. One that nobody used for an hour is forgotten, and of too many
/// the one that was unused for longest. Safe for any number of threads.
/// </summary>
internal sealed class Sessions(CallGuard guard, TimeProvider clock, ILogger logger)
{
    public const int Max = 10_000;
    public const int MaxOfOneGrant = 1_000;

    /// <summary>The longest id: servers put what they want to know into it.</summary>
    public const int MaxIdLength = 4096;

    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _byId = new(StringComparer.Ordinal);

    /// <summary>Goes into a session, until <see cref="Leave"/>.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="identity">Who.</param>
    /// <returns>The session; null where it isn't that one's.</returns>
    public Session? Enter(string id, Identity identity)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out Session? session) || IsForgotten(session))
            {
                return null;
            }

            if (session.Identity == identity)
            {
                session.Active++;
                return session;
            }
        }

        HttpLog.ForeignSession(logger, identity.GrantId);
        return null;
    }

    /// <summary>Goes out of a session.</summary>
    public void Leave(Session session)
    {
        lock (_lock)
        {
            session.Active--;
            session.LastUsed = clock.GetTimestamp();
        }
    }

    /// <summary>Binds a session to whom the server gave it, and goes into it. One that is given again to the same goes on.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="identity">Who.</param>
    /// <returns>The session; null where somebody else has it, or where there is room for no more.</returns>
    public async ValueTask<Session?> BindAsync(string id, Identity identity)
    {
        Session? dropped;
        Session session;
        lock (_lock)
        {
            if (_byId.TryGetValue(id, out Session? known) && known.Identity == identity)
            {
                known.Active++;
                return known;
            }

            if (known is not null || !TryMakeRoom(identity.GrantId, out dropped))
            {
                return null;
            }

            session = new Session(id, identity, new Conversation(guard, identity.CallerIn(id))) { Active = 1 };
            _byId.Add(id, session);
        }

        if (dropped is not null)
        {
            await dropped.Conversation.EndAsync("The session has ended.").ConfigureAwait(false);
        }

        return session;
    }

    /// <summary>Forgets a session that the server has ended.</summary>
    public async ValueTask EndAsync(Session session)
    {
        lock (_lock)
        {
            _byId.Remove(session.Id);
        }

        await session.Conversation.EndAsync("The session has ended.").ConfigureAwait(false);
    }

    /// <summary>Forgets those that nobody used for too long.</summary>
    public async ValueTask ForgetAsync()
    {
        Session[] forgotten;
        lock (_lock)
        {
            forgotten = [.. _byId.Values.Where(IsForgotten)];
        }

        foreach (Session session in forgotten)
        {
            await EndAsync(session).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all of them.</summary>
    public async ValueTask EndAllAsync()
    {
        Session[] all;
        lock (_lock)
        {
            all = [.. _byId.Values];
        }

        foreach (Session session in all)
        {
            await EndAsync(session).ConfigureAwait(false);
        }
    }

    private bool IsForgotten(Session session) => session.Active == 0 && clock.GetElapsedTime(session.LastUsed) >= Idle;

    // A grant with very many sessions loses its own, and nobody else's.
    private bool TryMakeRoom(string grantId, out Session? dropped)
    {
        dropped = null;
        bool isFull = _byId.Count >= Max;
        if (!isFull && _byId.Count < MaxOfOneGrant)
        {
            return true;
        }

        IEnumerable<Session> own = _byId.Values.Where(session => session.Identity.GrantId == grantId);
        bool isFullOfOne = own.Count() >= MaxOfOneGrant;
        if (!isFull && !isFullOfOne)
        {
            return true;
        }

        dropped = (isFullOfOne ? own : _byId.Values).Where(session => session.Active == 0).MinBy(session => session.LastUsed);
        return dropped is not null && _byId.Remove(dropped.Id);
    }
}
