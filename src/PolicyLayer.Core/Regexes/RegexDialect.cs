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
        long room = long.MaxValue;
        return Compile(pattern, maxStates, memory, ref room);
    }

    /// <inheritdoc cref="Compile(string, int, RegexMemory)"/>
    /// <param name="pattern">The pattern.</param>
    /// <param name="maxStates">How many states its automaton may have.</param>
    /// <param name="memory">What the regexes of one policy may remember together.</param>
    /// <param name="room">How many states, and ranges of characters that it names, there is room for; comes back with what is left.</param>
    public static RegexCompilation Compile(string pattern, int maxStates, RegexMemory memory, ref long room)
    {
        var parser = new RegexParser(pattern, maxRanges: room);
        RegexError? error = parser.Parse(out RegexNode syntax);
        room = Math.Max(room - parser.Ranges, 0);
        if (error is not null)
        {
            return new RegexCompilation(error);
        }

        if (syntax.States > maxStates)
        {
            return new RegexCompilation(TooLarge(pattern, maxStates));
        }

        if (syntax.States > room)
        {
            return new RegexCompilation(RegexParser.NoRoom(pattern));
        }

        room -= syntax.States;
        return new RegexCompilation(new LinearRegex(syntax, memory), RegexAnchors.AreAtBothEnds(syntax));
    }

    private static RegexError TooLarge(string pattern, int maxStates) => new(
        0,
        pattern.Length,
        string.Create(CultureInfo.InvariantCulture, $"The pattern is too large: its automaton takes more than {maxStates} states"),
        "lower the repetition counts, or split the pattern over several rules");
}
