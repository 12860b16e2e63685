using System.Globalization;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>How a message says when to come back: never too early, at most a tenth too late.</summary>
internal static class WaitWords
{
    private const int Enough = 10;

    private static readonly (long Seconds, string Name)[] Units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];

    public static string Of(long milliseconds)
    {
        long seconds = DivideUp(milliseconds, 1_000);
        foreach ((long unit, string name) in Units)
        {
            // Of more than so many, rounding up adds at most a tenth; of a whole number nothing.
            if (seconds > Enough * unit || (seconds > 0 && seconds % unit == 0))
            {
                return Count(seconds, unit, name);
            }
        }

        return Count(seconds, 1, "second");
    }

    private static string Count(long seconds, long unit, string name)
    {
        long count = DivideUp(seconds, unit);
        return string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
    }

    private static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
