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
    /// which must not be met by what is too old.
    /// </summary>
    Recent = 2,
}
