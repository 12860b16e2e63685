namespace PolicyLayer.Regexes;

/// <summary>
/// The regexes of one policy: equal patterns are one regex, and all share one memory. Not thread-safe: a policy is compiled by one thread.
/// </summary>
/// <param name="maxStates">How many states one regex may have.</param>
/// <param name="memory">What all may remember of texts.</param>
/// <param name="room">
/// How many states all may have, with the ranges of characters that they name: sixty characters can ask for ten thousand of the first,
/// five for hundreds of the second.
/// </param>
internal sealed class RegexLibrary(int maxStates, RegexMemory memory, long room)
{
    private readonly Dictionary<string, RegexCompilation> _compiled = new(StringComparer.Ordinal);
    private long _room = room;

    /// <summary>The regex of a pattern, or why there is none.</summary>
    public RegexCompilation Compile(string pattern)
    {
        if (!_compiled.TryGetValue(pattern, out RegexCompilation? compilation))
        {
            compilation = RegexDialect.Compile(pattern, maxStates, memory, ref _room);
            _compiled.Add(pattern, compilation);
        }

        return compilation;
    }
}
