namespace PolicyLayer.Counters;

/// <summary>
/// The counters of a call, each once with its tightest bounds: those of <c>all_tools</c>, which all entries share, then the entry's own,
/// which its tools share whatever marks they leave, then the marks. Copies of the former would take the product of all. Immutable.
/// </summary>
internal sealed class CounterLimits
{
    /// <summary>As many as an <c>InlineArray8</c> holds something of; hardly any call has more.</summary>
    public const int Few = 8;

    private readonly CounterLimit[] _shared;
    private readonly CounterLimit[] _own;
    private readonly CounterLimit[] _marks;
    private readonly IReadOnlyDictionary<int, long>? _otherMaxima;

    /// <param name="shared">The counters that all entries share.</param>
    /// <param name="own">The others.</param>
    /// <param name="tightened">The maxima of shared counters that the entry allows less of, by their places; null for none.</param>
    public CounterLimits(CounterLimit[] shared, CounterLimit[] own, IReadOnlyDictionary<int, long>? tightened = null)
    {
        (_shared, _own, _marks, _otherMaxima) = (shared, own, [], tightened);
        Length = shared.Length + own.Length;
        AllCountForPolicy = Length > 0 && Array.TrueForAll(shared, CountsForPolicy) && Array.TrueForAll(own, CountsForPolicy);
        AnyCountsForPolicy = Array.Exists(shared, CountsForPolicy) || Array.Exists(own, CountsForPolicy);
        ArePlain = Array.TrueForAll(shared, IsPlain) && Array.TrueForAll(own, IsPlain);
        AnyIsRecent = Array.Exists(shared, IsRecent) || Array.Exists(own, IsRecent);
    }

    public CounterLimits(CounterLimit[] own)
        : this([], own)
    {
    }

    /// <summary>The same, for a tool whose calls leave marks as well, none of which counts for the whole policy.</summary>
    /// <param name="basis">The entry's counters.</param>
    /// <param name="marks">The marks.</param>
    /// <param name="pauses">The maxima of the entry's own counters that the tool's calls leave marks on, by their places.</param>
    public CounterLimits(CounterLimits basis, CounterLimit[] marks, IReadOnlyDictionary<int, long> pauses)
    {
        (_shared, _own, _marks) = (basis._shared, basis._own, marks);
        _otherMaxima = pauses.Count == 0 ? basis._otherMaxima : Join(basis._otherMaxima, pauses);
        Length = basis.Length + marks.Length;
        AllCountForPolicy = basis.AllCountForPolicy && marks.Length == 0;
        AnyCountsForPolicy = basis.AnyCountsForPolicy;
        ArePlain = basis.ArePlain && Array.TrueForAll(marks, IsPlain);
        AnyIsRecent = basis.AnyIsRecent || Array.Exists(marks, IsRecent);
    }

    public static CounterLimits None { get; } = new([]);

    public int Length { get; }

    /// <summary>Whether all of them count for the whole policy.</summary>
    public bool AllCountForPolicy { get; }

    /// <summary>Whether some count for the whole policy.</summary>
    public bool AnyCountsForPolicy { get; }

    /// <summary>Whether none asks for more than room: no counter is partitioned or has to hold something.</summary>
    public bool ArePlain { get; }

    /// <summary>Whether some forget by the time of each request, and so back and forth.</summary>
    public bool AnyIsRecent { get; }

    /// <summary>The counters that no other entry has.</summary>
    public CounterLimit[] Own => _own;

    public CounterLimit this[int index]
    {
        get
        {
            CounterLimit limit = At(index);
            return _otherMaxima is not null && _otherMaxima.TryGetValue(index, out long max) ? limit with { MaxMillionths = max } : limit;
        }
    }

    private CounterLimit At(int index)
    {
        if (index < _shared.Length)
        {
            return _shared[index];
        }

        int place = index - _shared.Length;
        return place < _own.Length ? _own[place] : _marks[place - _own.Length];
    }

    private static Dictionary<int, long> Join(IReadOnlyDictionary<int, long>? maxima, IReadOnlyDictionary<int, long> others)
    {
        var all = new Dictionary<int, long>(maxima ?? new Dictionary<int, long>());
        foreach ((int place, long max) in others)
        {
            all[place] = max;
        }

        return all;
    }

    private static bool IsPlain(CounterLimit limit) => !limit.Definition.IsPartitioned && limit.MinMillionths == 0;

    private static bool IsRecent(CounterLimit limit) => limit.Definition.Algorithm == CounterAlgorithm.Recent;

    private static bool CountsForPolicy(CounterLimit limit) => limit.Definition.Scope == CounterScope.Policy;
}
