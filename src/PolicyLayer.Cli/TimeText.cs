using System.Globalization;

namespace PolicyLayer.Cli;

/// <summary>A TIME, as in <c>90s</c>: a whole number and a unit.</summary>
internal static class TimeText
{
    /// <summary>What a TIME may be, for help.</summary>
    public const string Units = "`ms`, `s`, `m`, `h` or `d`";

    // `ms` stands before `m` and `s`, which end it.
    private static readonly (string Suffix, decimal Milliseconds)[] Suffixes =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static bool TryParse(string text, out TimeSpan time)
    {
        foreach ((string suffix, decimal milliseconds) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && decimal.TryParse(
                    text.AsSpan(..^suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out decimal count)
                && count <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond / milliseconds)
            {
                time = TimeSpan.FromTicks((long)(count * milliseconds * TimeSpan.TicksPerMillisecond));
                return true;
            }
        }

        time = default;
        return false;
    }
}
