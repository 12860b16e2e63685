using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Counters;

/// <summary>
/// Where the fixed window of a demand begins and ends, and where the next one ends: all that a store has to know of it, so that it needs no
/// calendar and no division. Immutable.
/// </summary>
/// <remarks>
/// A charge belongs to the window that the store's clock is in. That is mostly the first; the next one for a clock a little ahead, or where
/// the host's has stepped back behind a time that the counter has seen.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterWindowBounds
{
    private readonly long _start;
    private readonly long _end;
    private readonly long _nextEnd;

    private CounterWindowBounds(long start, long end, long nextEnd) => (_start, _end, _nextEnd) = (start, end, nextEnd);

    /// <summary>When the window begins: the first moment that is in it.</summary>
    public DateTimeOffset Start => WindowArithmetic.TimeOf(_start);

    /// <summary>When the window ends and the next begins: the first moment that isn't in it any more.</summary>
    public DateTimeOffset End => WindowArithmetic.TimeOf(_end);

    /// <summary>When the next window ends.</summary>
    public DateTimeOffset NextEnd => WindowArithmetic.TimeOf(_nextEnd);

    /// <summary>The start and the end.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start:O} to {End:O}");

    /// <summary>The window of a time.</summary>
    /// <param name="window">The window's length.</param>
    /// <param name="unixMilliseconds">The time.</param>
    internal static CounterWindowBounds Of(CounterWindowLength window, long unixMilliseconds)
    {
        long number = WindowArithmetic.NumberOf(window, unixMilliseconds);
        return new(
            WindowArithmetic.StartOf(window, number),
            WindowArithmetic.StartOf(window, number + 1),
            WindowArithmetic.StartOf(window, number + 2));
    }
}
