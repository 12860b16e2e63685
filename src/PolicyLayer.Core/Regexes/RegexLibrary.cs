namespace PolicyLayer.Regexes;

/// <summary>
/// The regexes of one policy: equal patterns are one regex, and all share one memory. Not thread-safe: a policy is compiled by one thread.
/// </summary>
internal sealed class RegexLibrary(int maxStates, RegexMemory memory)
{
    private readonly Dictionary<string, RegexCompilation> _compiled = new(StringComparer.Ordinal);

    /// <summary>The regex of a pattern, or why there is none.</summary>
    public RegexCompilation Compile(string pattern)
    {
        if (!_compiled.TryGetValue(pattern, out RegexCompilation compilation))
        {
            compilation = RegexDialect.Compile(pattern, maxStates, memory);
            _compiled.Add(pattern, compilation);
        }

        return compilation;
    }
}
