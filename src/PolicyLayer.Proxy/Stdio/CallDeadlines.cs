using System.Collections.Concurrent;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>How long calls may take that a server has. Safe for any number of threads.</summary>
/// <param name="limit">How long; null for any time.</param>
/// <param name="time">The clock.</param>
/// <param name="expire">What is done when it is over, which doesn't throw.</param>
internal sealed class CallDeadlines(TimeSpan? limit, TimeProvider time, Func<JsonRpcId, Task> expire)
{
    private readonly ConcurrentDictionary<JsonRpcId, Deadline> _running = new();

    /// <summary>A request is handed over: what had its id is over.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="isCall">Whether it calls a tool.</param>
    public void Set(JsonRpcId id, bool isCall)
    {
        Drop(id);
        if (isCall && limit is { } within)
        {
            var deadline = new Deadline(id, this);
            _running[id] = deadline;
            deadline.Begin(within);
        }
    }

    /// <summary>A request is answered, or nobody waits for it any more.</summary>
    public void Drop(JsonRpcId id)
    {
        if (_running.TryRemove(id, out Deadline? deadline))
        {
            deadline.Dispose();
        }
    }

    /// <summary>None of them is waited for any more.</summary>
    public void Clear()
    {
        foreach (JsonRpcId id in _running.Keys)
        {
            Drop(id);
        }
    }

    private sealed class Deadline(JsonRpcId id, CallDeadlines owner) : IDisposable
    {
        private readonly Lock _lock = new();
        private ITimer? _timer;
        private bool _isOver;

        public void Begin(TimeSpan within)
        {
            lock (_lock)
            {
                if (!_isOver)
                {
                    _timer = owner.Time.CreateTimer(_ => Expire(), null, within, Timeout.InfiniteTimeSpan);
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _isOver = true;
                _timer?.Dispose();
            }
        }

        private void Expire()
        {
            if (owner._running.TryRemove(KeyValuePair.Create(id, this)))
            {
                Dispose();
                _ = owner.Expire(id);
            }
        }
    }

    private TimeProvider Time => time;

    private Func<JsonRpcId, Task> Expire => expire;
}
