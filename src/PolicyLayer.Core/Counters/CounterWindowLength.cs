using System.Globalization;

namespace PolicyLayer.Counters;

/// <summary>How long a counter's window is: a whole number of seconds. Immutable; compared by value. A default one is no window.</summary>
/// <remarks>
/// Windows that follow the calendar (weeks, months) may be added: such a one has no <see cref="Duration"/>. A store that meets a window
/// that it doesn't know throws, and the call is denied.
/// </remarks>
public readonly struct CounterWindowLength : IEquatable<CounterWindowLength>
{
    /// <summary>The longest window, in seconds: 31 days.</summary>
    public const int MaxSeconds = 2_678_400;

    private CounterWindowLength(int seconds) => Seconds = seconds;

    /// <summary>The length; null when it isn't the same for every window.</summary>
    public TimeSpan? Duration => Seconds == 0 ? null : TimeSpan.FromSeconds(Seconds);

    /// <summary>0 for a default value.</summary>
    internal int Seconds { get; }

    /// <summary>A window of a number of seconds.</summary>
    /// <param name="seconds">From 1 to <see cref="MaxSeconds"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public static CounterWindowLength FromSeconds(int seconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, MaxSeconds);
        return new CounterWindowLength(seconds);
    }

    /// <inheritdoc/>
    public bool Equals(CounterWindowLength other) => Seconds == other.Seconds;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CounterWindowLength other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Seconds;

    /// <summary>The window as it stands in a counter's key: its seconds.</summary>
    public override string ToString() => Seconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether two windows are of one length.</summary>
    public static bool operator ==(CounterWindowLength left, CounterWindowLength right) => left.Equals(right);

    /// <summary>Whether two windows differ in length.</summary>
    public static bool operator !=(CounterWindowLength left, CounterWindowLength right) => !left.Equals(right);
}
