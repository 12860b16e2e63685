namespace PolicyLayer.Counters;

/// <summary>The windows that policies call by name, shortest first. A name is the same as its seconds.</summary>
internal static class WindowNames
{
    private static readonly int[] Seconds = [1, 60, 3_600, 86_400];

    public static string[] All { get; } = ["second", "minute", "hour", "day"];

    /// <summary>A name's seconds; null for no name.</summary>
    public static int? SecondsOf(string? name) => Array.IndexOf(All, name) is >= 0 and var index ? Seconds[index] : null;

    /// <summary>The name of a window of so many seconds; null when it has none.</summary>
    public static string? Of(int seconds) => Array.IndexOf(Seconds, seconds) is >= 0 and var index ? All[index] : null;
}
