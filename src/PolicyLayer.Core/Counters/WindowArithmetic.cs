namespace PolicyLayer.Counters;

/// <summary>
/// Fixed windows have numbers, without a gap: those of seconds and weeks count from the one that the Unix epoch is in, months from January
/// of the year 0. Times are milliseconds since the Unix epoch.
/// </summary>
internal static class WindowArithmetic
{
    // What a DateTimeOffset can hold.
    public const long EarliestTime = -62_135_596_800_000;
    public const long LatestTime = 253_402_300_799_999;

    private const long Day = 86_400_000;

    // The epoch was a Thursday.
    private const int DaysFromMondayToEpoch = 3;
    private const int MonthsAYear = 12;
    private const int MonthsThatClocksShow = 10_000 * MonthsAYear;

    public static long NumberOf(CounterWindowLength window, long time)
    {
        if (!window.IsCalendar)
        {
            return FloorDivide(time, window.Seconds * 1_000L);
        }

        return window.IsMonth ? MonthOf(time) : FloorDivide(FloorDivide(time, Day) + DaysFromMondayToEpoch, 7);
    }

    /// <summary>The first moment of a window.</summary>
    public static long StartOf(CounterWindowLength window, long number)
    {
        if (!window.IsCalendar)
        {
            return number * window.Seconds * 1_000L;
        }

        return window.IsMonth ? StartOfMonth(number) : ((number * 7) - DaysFromMondayToEpoch) * Day;
    }

    /// <summary>A time; the last windows end later than one can say.</summary>
    public static DateTimeOffset TimeOf(long unixMilliseconds) => unixMilliseconds switch
    {
        > LatestTime => DateTimeOffset.MaxValue,
        < EarliestTime => DateTimeOffset.MinValue,
        _ => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds),
    };

    public static long FloorDivide(long dividend, long divisor)
    {
        (long quotient, long remainder) = Math.DivRem(dividend, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    private static long MonthOf(long time)
    {
        DateTimeOffset date = TimeOf(time);
        return (date.Year * MonthsAYear) + date.Month - 1;
    }

    /// <summary>After the last month that a clock shows, any: nobody sees one begin.</summary>
    private static long StartOfMonth(long number)
    {
        if (number >= MonthsThatClocksShow)
        {
            return LatestTime + 1 + ((number - MonthsThatClocksShow) * 31 * Day);
        }

        (long year, long month) = Math.DivRem(number, MonthsAYear);
        return new DateTimeOffset((int)year, (int)month + 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }
}
