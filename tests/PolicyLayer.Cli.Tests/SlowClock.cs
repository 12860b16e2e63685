namespace PolicyLayer.Tests.Cli;

/// <summary>Half a second goes by between two looks at it.</summary>
internal sealed class SlowClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 2;

    public override long GetTimestamp() => ++_now;
}
