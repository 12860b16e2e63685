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

    public int Length { get; } = shared.Length + own.Length;

    /// <summary>Whether all of them count for the whole policy.</summary>
    public bool AllCountForPolicy { get; } =
        shared.Length + own.Length > 0 && Array.TrueForAll(shared, CountsForPolicy) && Array.TrueForAll(own, CountsForPolicy);

    /// <summary>Whether some count for the whole policy.</summary>
    public bool AnyCountsForPolicy { get; } = Array.Exists(shared, CountsForPolicy) || Array.Exists(own, CountsForPolicy);

    /// <summary>Whether none asks for more than room: no counter is partitioned or has to hold something.</summary>
    public bool ArePlain { get; } = Array.TrueForAll(shared, IsPlain) && Array.TrueForAll(own, IsPlain);

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

    private static bool IsPlain(CounterLimit limit) => !limit.Definition.IsPartitioned && limit.MinMillionths == 0;

    private static bool CountsForPolicy(CounterLimit limit) => limit.Definition.Scope == CounterScope.Policy;
}
