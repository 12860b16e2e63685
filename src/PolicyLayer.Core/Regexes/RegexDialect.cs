using System.Globalization;

namespace PolicyLayer.Regexes;

/// <summary>The regex dialect of a policy: what RE2 and ECMAScript share, over code points, in linear time.</summary>
internal static class RegexDialect
{
    public const int DefaultMaxStates = 10_000;
    public const int DefaultCacheBytes = 64 * 1024;
    public const long DefaultCacheBytesInAll = 16 * 1024 * 1024;

    /// <summary>Compiles a pattern by itself, within the default limits.</summary>
    public static RegexCompilation Compile(string pattern) =>
        Compile(pattern, DefaultMaxStates, new RegexMemory(DefaultCacheBytes, DefaultCacheBytesInAll));

    /// <summary>Compiles a pattern, or says why it is refused. Never throws, whatever the pattern. The caller bounds its length.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="maxStates">How many states its automaton may have.</param>
    /// <param name="memory">What the regexes of one policy may remember together.</param>
    public static RegexCompilation Compile(string pattern, int maxStates, RegexMemory memory)
    {
        if (new RegexParser(pattern).Parse(out RegexNode syntax) is { } error)
        {
            return new RegexCompilation(error);
        }

        return syntax.States > maxStates
            ? new RegexCompilation(TooLarge(pattern, maxStates))
            : new RegexCompilation(new LinearRegex(syntax, memory));
    }

    private static RegexError TooLarge(string pattern, int maxStates) => new(
        0,
        pattern.Length,
        string.Create(CultureInfo.InvariantCulture, $"The pattern is too large: its automaton takes more than {maxStates} states"),
        "lower the repetition counts, or split the pattern over several rules");
}
