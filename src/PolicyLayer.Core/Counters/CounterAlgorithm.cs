namespace PolicyLayer.Counters;

/// <summary>How a counter forgets.</summary>
public enum CounterAlgorithm
{
    /// <summary>Windows begin at multiples of their length since the Unix epoch, in UTC; a new window starts at zero.</summary>
    Fixed = 0,

    /// <summary>
    /// No interval of the window's length, wherever it starts, holds more than the limit. A charge may count up to a sixtieth of the
    /// window longer than it had to.
    /// </summary>
    Sliding = 1,
}
