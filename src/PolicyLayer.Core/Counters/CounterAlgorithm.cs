namespace PolicyLayer.Counters;

/// <summary>How a counter forgets.</summary>
public enum CounterAlgorithm
{
    /// <summary>
    /// Windows begin at multiples of their length since the Unix epoch, in UTC, or with the calendar's; a new window starts at zero.
    /// </summary>
    Fixed = 0,

    /// <summary>
    /// No interval of the window's length, wherever it starts, holds more than the limit. A charge may count up to a sixtieth of the
    /// window longer than it had to: right for a maximum.
    /// </summary>
    Sliding = 1,

    /// <summary>
    /// A charge never counts longer than the window's length, and may be forgotten up to a sixtieth of it sooner: right for a minimum,
    /// which must not be met by what is too old. It goes by the time of the request, or the store's clock, not by a later one that was
    /// seen before: a charge that is more than a sixtieth of the window ahead, for a sixtieth more at most, doesn't count, and is
    /// forgotten when something is charged behind it, as the clock that made it was ahead. Whoever asks at an earlier time changes nothing.
    /// </summary>
    Recent = 2,
}
