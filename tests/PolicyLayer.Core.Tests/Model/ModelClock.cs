namespace PolicyLayer.Tests.Model;

/// <summary>A clock that may step back, and a stopwatch that doesn't.</summary>
internal sealed class ModelClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The stopwatch, in milliseconds.</summary>
    public long Elapsed { get; private set; }

    public override long TimestampFrequency => 1_000;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => Elapsed;

    public void Advance(int milliseconds)
    {
        _now += TimeSpan.FromMilliseconds(milliseconds);
        Elapsed += milliseconds;
    }

    public void StepBack(int milliseconds) => _now -= TimeSpan.FromMilliseconds(milliseconds);
}
