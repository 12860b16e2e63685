namespace PolicyLayer.Cli.Proxying;

/// <summary>
/// Lets through the first twenty lines of a kind in a minute, and then says how many more there were: nobody floods whoever reads them.
/// Safe for any number of threads.
/// </summary>
/// <param name="write">Takes a kind and how many of it were withheld. It never throws.</param>
/// <param name="time">The clock of the minutes.</param>
internal sealed class RepeatedLines(Action<string, long> write, TimeProvider time) : IDisposable
{
    /// <summary>So many of a kind are let through in each window.</summary>
    public const int MaxOfKind = 20;

    /// <summary>The rest share a count: kinds are few, unless somebody makes them up.</summary>
    private const int MaxKinds = 64;

    private const string Rest = "others";

    /// <summary>For how long lines are counted together.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Dictionary<string, long> _counts = [];
    private ITimer? _window;
    private bool _isDisposed;

    /// <summary>Whether one more line of a kind is to be written.</summary>
    public bool Take(string kind)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return true;
            }

            _window ??= time.CreateTimer(_ => EndWindow(), null, Window, Timeout.InfiniteTimeSpan);
            string counted = _counts.ContainsKey(kind) || _counts.Count < MaxKinds ? kind : Rest;
            return (_counts[counted] = _counts.GetValueOrDefault(counted) + 1) <= MaxOfKind;
        }
    }

    /// <summary>Tells what was withheld. What comes later isn't.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        EndWindow();
    }

    private void EndWindow()
    {
        Dictionary<string, long> counts;
        lock (_lock)
        {
            (counts, _counts) = (_counts, []);
            _window?.Dispose();
            _window = null;
        }

        foreach ((string kind, long count) in counts)
        {
            if (count > MaxOfKind)
            {
                write(kind, count - MaxOfKind);
            }
        }
    }
}
