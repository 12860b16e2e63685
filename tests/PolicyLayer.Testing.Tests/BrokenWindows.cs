using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>When a charge is forgotten, by the calendar of the framework.</summary>
internal sealed class BrokenWindows(Defect defect)
{
    private const long Day = 86_400_000;

    public long EndOf(CounterDefinition definition, long time)
    {
        if (definition.Window.IsCalendar)
        {
            return definition.Window == CounterWindowLength.Week ? EndOfWeek(time) : EndOfMonth(time);
        }

        long length = definition.Window.Duration!.Value.Ticks / TimeSpan.TicksPerMillisecond;
        return definition.Algorithm switch
        {
            CounterAlgorithm.Sliding => time + length - (defect == Defect.SlidesTooShort ? 1 : 0),
            CounterAlgorithm.Recent => time + (length * Sixtieths() / 60),
            _ => EndOfMultiple(time, length),
        };
    }

    /// <summary>How far ahead of a request a charge may be that counts.</summary>
    public long ToleranceOf(CounterDefinition definition)
    {
        if (definition.Algorithm != CounterAlgorithm.Recent)
        {
            return 0;
        }

        long sixtieth = definition.Window.Duration!.Value.Ticks / TimeSpan.TicksPerMillisecond / 60;
        return defect switch
        {
            Defect.CountsNoRecentAhead => 0,
            Defect.CountsRecentFarAhead => sixtieth * 3,
            _ => sixtieth,
        };
    }

    /// <summary>Whether a charge at a time makes a counter forget one that is ahead of it.</summary>
    public bool IsForgottenBy(CounterDefinition definition, long time, long now) => definition.Algorithm == CounterAlgorithm.Recent
        && defect != Defect.RemembersRecentAhead
        && time > now + ToleranceOf(definition);

    private int Sixtieths() => defect switch
    {
        Defect.RemembersRecentTooLong => 61,
        Defect.ForgetsRecentTooSoon => 58,
        _ => 60,
    };

    private long EndOfMultiple(long time, long length)
    {
        long shift = defect == Defect.ShiftsWindows ? 1 : 0;
        return ((((time + shift) / length) + 1) * length) - shift;
    }

    private long EndOfWeek(long time)
    {
        if (defect == Defect.BeginsWeeksOnThursday)
        {
            return EndOfMultiple(time, 7 * Day);
        }

        DayOfWeek first = defect == Defect.BeginsWeeksOnSunday ? DayOfWeek.Sunday : DayOfWeek.Monday;
        DateTime day = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.Date.AddDays(1);
        while (day.DayOfWeek != first)
        {
            day = day.AddDays(1);
        }

        return new DateTimeOffset(day).ToUnixTimeMilliseconds();
    }

    private long EndOfMonth(long time)
    {
        if (defect == Defect.CountsMonthsOf30Days)
        {
            return EndOfMultiple(time, 30 * Day);
        }

        DateTime day = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime;
        DateTime end = new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
        bool isLeapDay = defect == Defect.LeapsInCenturies && end is { Year: 2100, Month: 3 };
        return new DateTimeOffset(end).ToUnixTimeMilliseconds() + (isLeapDay ? Day : 0);
    }
}
