namespace PolicyLayer.Counters;

/// <summary>
/// The counters of a call, each once with its tightest maximum: those of <c>all_tools</c>, which all entries share, then the entry's own.
/// Copies of the former would take the product of both. Immutable.
/// </summary>
/// <param name="shared">The counters that all entries share.</param>
/// <param name="own">The others.</param>
/// <param name="tightened">The maxima of shared counters that the entry allows less of, by their places; null for none.</param>
internal sealed class CounterLimits(CounterLimit[] shared, CounterLimit[] own, IReadOnlyDictionary<int, long>? tightened = null)
{
    public CounterLimits(CounterLimit[] own)
        : this([], own)
    {
    }

    public static CounterLimits None { get; } = new([]);

    public int Length => shared.Length + own.Length;

    /// <summary>The counters that no other entry has.</summary>
    public CounterLimit[] Own => own;

    public CounterLimit this[int index]
    {
        get
        {
            if (index >= shared.Length)
            {
                return own[index - shared.Length];
            }

            CounterLimit limit = shared[index];
            return tightened is not null && tightened.TryGetValue(index, out long max) ? limit with { MaxMillionths = max } : limit;
        }
    }
}
