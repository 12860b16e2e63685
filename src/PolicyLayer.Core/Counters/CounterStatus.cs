using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Counters;

/// <summary>What one counter of a store holds, for people who look at it. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterStatus
{
    /// <summary>Describes a counter.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="usedMillionths">What it holds.</param>
    /// <param name="expires">When nothing of that counts any more.</param>
    public CounterStatus(CounterKey key, long usedMillionths, DateTimeOffset expires)
    {
        Key = key;
        UsedMillionths = usedMillionths;
        Expires = expires;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; }

    /// <summary>What it holds, in millionths of a unit.</summary>
    public long UsedMillionths { get; }

    /// <summary>When nothing of that counts any more: the end of a fixed window, or when the latest charge is forgotten.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>The key and until when it holds something; not how much, which may be the sum of amounts that calls gave.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key} until {Expires:O}");
}
