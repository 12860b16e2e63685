using System.Globalization;

namespace PolicyLayer.Tests.Differential;

/// <summary>Where windows begin and end, counted with dates.</summary>
internal static class NaiveWindows
{
    public static readonly Dictionary<string, Func<DateTime, (DateTime Start, DateTime End)>> Named = new(StringComparer.Ordinal)
    {
        ["second"] = now => Seconds(now, 1),
        ["minute"] = now => Seconds(now, 60),
        ["hour"] = now => Seconds(now, 3600),
        ["day"] = now => (now.Date, now.Date.AddDays(1)),
        ["week"] = now => (Monday(now), Monday(now).AddDays(7)),
        ["month"] = now => (new DateTime(now.Year, now.Month, 1), new DateTime(now.Year, now.Month, 1).AddMonths(1)),
    };

    public static (DateTime Start, DateTime End) Around(DateTime now, string window) =>
        Named.TryGetValue(window, out Func<DateTime, (DateTime, DateTime)>? around)
            ? around(now)
            : Seconds(now, long.Parse(window, CultureInfo.InvariantCulture));

    /// <summary>What tells windows apart: a name is the same as its seconds, but a week and a month are themselves.</summary>
    public static string Identity(string window) =>
        window is "week" or "month" ? window : Length(window).TotalSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>How long a window is that is no month.</summary>
    public static TimeSpan Length(string window)
    {
        (DateTime start, DateTime end) = Around(DateTime.UnixEpoch, window);
        return end - start;
    }

    private static (DateTime Start, DateTime End) Seconds(DateTime now, long seconds)
    {
        long length = seconds * TimeSpan.TicksPerSecond;
        DateTime start = now.AddTicks(-((now - DateTime.UnixEpoch).Ticks % length));
        return (start, start.AddTicks(length));
    }

    private static DateTime Monday(DateTime now)
    {
        DateTime day = now.Date;
        while (day.DayOfWeek != DayOfWeek.Monday)
        {
            day = day.AddDays(-1);
        }

        return day;
    }
}
