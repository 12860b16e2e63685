using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>A waiting time as a person reads it.</summary>
internal static class DurationText
{
    public static string Of(TimeSpan? duration) => duration switch
    {
        null => "",
        { TotalSeconds: < 120 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s"),
        { TotalHours: < 48 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss} h"),
        { } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
    };
}
