namespace PolicyLayer.Tests;

/// <summary>A clock that also steps back.</summary>
internal sealed class SettableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
