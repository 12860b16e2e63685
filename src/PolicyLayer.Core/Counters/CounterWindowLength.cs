using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Counters;

/// <summary>
/// How long a counter's window is: a whole number of seconds, or a week or month of the calendar. Immutable; compared by value. A default
/// one is no window.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterWindowLength : IEquatable<CounterWindowLength>
{
    /// <summary>The longest window of a number of seconds: 31 days.</summary>
    public const int MaxSeconds = 2_678_400;

    private const int WeekCode = -1;
    private const int MonthCode = -2;

    // INVARIANT: the seconds of a window that has some; 0 for no window, below it a code for one of the calendar.
    private readonly int _code;

    private CounterWindowLength(int code) => _code = code;

    /// <summary>A week of the calendar, from Monday 00:00 UTC. Another window than 604,800 seconds, which begin on Thursdays.</summary>
    public static CounterWindowLength Week { get; } = new(WeekCode);

    /// <summary>A month of the calendar, from its first day, 00:00 UTC.</summary>
    public static CounterWindowLength Month { get; } = new(MonthCode);

    /// <summary>The length; null for one of the calendar, whose identity is its name.</summary>
    public TimeSpan? Duration => _code > 0 ? TimeSpan.FromSeconds(_code) : null;

    /// <summary>Whether it is a window of the calendar, which has to be fixed.</summary>
    public bool IsCalendar => _code < 0;

    /// <summary>0 for a default value, and for windows of the calendar.</summary>
    internal int Seconds => Math.Max(_code, 0);

    internal bool IsMonth => _code == MonthCode;

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
    public bool Equals(CounterWindowLength other) => _code == other._code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CounterWindowLength other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _code;

    /// <summary>The window as it stands in a counter's key: its seconds, or <c>week</c> or <c>month</c>.</summary>
    public override string ToString() => _code switch
    {
        WeekCode => "week",
        MonthCode => "month",
        _ => _code.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="window">The window, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out CounterWindowLength window)
    {
        window = text switch
        {
            "week" => Week,
            "month" => Month,
            _ => ReadSeconds(text),
        };
        return window != default;
    }

    /// <summary>The framework takes more than is written: zeros before the number, and null characters after it.</summary>
    private static CounterWindowLength ReadSeconds(ReadOnlySpan<char> text)
    {
        bool isWindow = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds is >= 1 and <= MaxSeconds
            && text.SequenceEqual(seconds.ToString(CultureInfo.InvariantCulture));
        return isWindow ? new CounterWindowLength(seconds) : default;
    }

    /// <summary>Whether two windows are of one length.</summary>
    public static bool operator ==(CounterWindowLength left, CounterWindowLength right) => left.Equals(right);

    /// <summary>Whether two windows differ in length.</summary>
    public static bool operator !=(CounterWindowLength left, CounterWindowLength right) => !left.Equals(right);
}
