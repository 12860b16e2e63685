namespace PolicyLayer.Proxy.Stdio;

/// <summary>When a server that ended is started again: at once, then after longer and longer, until it has lived for a while.</summary>
internal sealed class RestartPlan(TimeProvider time)
{
    /// <summary>So many starts in a row may come to nothing.</summary>
    public const int MaxSilentStarts = 5;

    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private int _silentStarts;
    private long _started;
    private TimeSpan _wait = TimeSpan.Zero;

    /// <summary>It is being started.</summary>
    public void Start() => _started = time.GetTimestamp();

    /// <summary>It ended, or couldn't be started.</summary>
    /// <param name="hasAnswered">Whether it had answered anything.</param>
    /// <returns>How long to wait before the next start; null for no other.</returns>
    public TimeSpan? End(bool hasAnswered)
    {
        bool livedLong = time.GetElapsedTime(_started) >= LongLife;
        _silentStarts = hasAnswered || livedLong ? 0 : _silentStarts + 1;
        if (_silentStarts >= MaxSilentStarts)
        {
            return null;
        }

        TimeSpan wait = livedLong ? TimeSpan.Zero : _wait;
        TimeSpan longer = wait == TimeSpan.Zero ? FirstWait : 2 * wait;
        _wait = longer < LongestWait ? longer : LongestWait;
        return wait;
    }
}
