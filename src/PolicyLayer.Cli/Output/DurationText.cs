using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>A waiting time as a person reads it, rounded up.</summary>
internal static class DurationText
{
    public static string Of(TimeSpan? duration) => duration is { } time ? Of(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds))) : "";

    private static string Of(TimeSpan wholeSeconds) => wholeSeconds switch
    {
        { TotalSeconds: < 120 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 48 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss} h"),
        var time => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalDays * 10) / 10:0.#} days"),
    };
}
