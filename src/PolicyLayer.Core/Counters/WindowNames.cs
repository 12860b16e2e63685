using System.Globalization;

namespace PolicyLayer.Counters;

/// <summary>The windows that policies call by name, shortest first. A name is the same as its seconds, where it has some.</summary>
internal static class WindowNames
{
    private static readonly CounterWindowLength[] Windows =
    [
        CounterWindowLength.FromSeconds(1),
        CounterWindowLength.FromSeconds(60),
        CounterWindowLength.FromSeconds(3_600),
        CounterWindowLength.FromSeconds(86_400),
        CounterWindowLength.Week,
        CounterWindowLength.Month,
    ];

    public static string[] All { get; } = ["second", "minute", "hour", "day", "week", "month"];

    /// <summary>Those that are a number of seconds.</summary>
    public static string[] OfSeconds { get; } = All[..4];

    /// <summary>The window of a name; null for no name.</summary>
    public static CounterWindowLength? Find(string? name) =>
        Array.IndexOf(All, name) is >= 0 and var index ? Windows[index] : null;

    /// <summary>A window by its name, or its seconds.</summary>
    public static string Describe(CounterWindowLength window) => Array.IndexOf(Windows, window) is >= 0 and var index
        ? All[index]
        : string.Create(CultureInfo.InvariantCulture, $"{window.Seconds} seconds");
}
