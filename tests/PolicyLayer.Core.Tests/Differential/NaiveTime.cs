using System.Globalization;

namespace PolicyLayer.Tests.Differential;

/// <summary>The root <c>time</c>, counted from the days of the calendar.</summary>
internal static class NaiveTime
{
    public static Json At(DateTimeOffset now, string zone)
    {
        DateTime local = now.UtcDateTime + TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(now);
        int minute = (int)Math.Floor((local - local.Date).TotalMinutes);

        // Day 0 was a Monday.
        int weekday = (DateOnly.FromDateTime(local).DayNumber % 7) + 1;
        return Json.Object(
            ("hour", Number(minute / 60)),
            ("minute_of_day", Number(minute)),
            ("weekday", Number(weekday)),
            ("day", Number(local.Day)),
            ("month", Number(local.Month)),
            ("year", Number(local.Year)));
    }

    private static Json Number(int number) => Json.Number(number.ToString(CultureInfo.InvariantCulture));
}
