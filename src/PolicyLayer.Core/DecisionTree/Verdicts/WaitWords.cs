using System.Globalization;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>How a message says when to come back: never too early, at most a tenth too late.</summary>
internal static class WaitWords
{
    private const long MaxSeconds = 600;
    private const long Minute = 60;
    private const long Hour = 3_600;
    private const long Day = 86_400;
    private const long MaxHours = 240;

    public static string Of(long milliseconds)
    {
        long seconds = DivideUp(milliseconds, 1_000);
        return seconds switch
        {
            <= MaxSeconds => Count(seconds, 1, "second"),
            <= MaxSeconds * Minute => Count(seconds, Minute, "minute"),
            <= MaxHours * Hour => Count(seconds, Hour, "hour"),
            _ => Count(seconds, Day, "day"),
        };
    }

    private static string Count(long seconds, long unit, string name)
    {
        long count = DivideUp(seconds, unit);
        return string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
    }

    private static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
