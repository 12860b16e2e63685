namespace PolicyLayer.Cli;

/// <summary>The system's clock, until a line of the stream sets it; then it stands still but for what lines say.</summary>
internal sealed class CommandClock(TimeProvider system) : TimeProvider
{
    private DateTimeOffset? _set;

    public override DateTimeOffset GetUtcNow() => _set ?? system.GetUtcNow();

    public void Set(DateTimeOffset time) => _set = time;

    /// <exception cref="ArgumentOutOfRangeException">There is no such time.</exception>
    public void Advance(TimeSpan duration) => _set = GetUtcNow() + duration;
}
