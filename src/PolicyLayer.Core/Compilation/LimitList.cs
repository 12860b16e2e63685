using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;

namespace PolicyLayer.Compilation;

/// <summary>The limits of one list, in which no counter stands twice, beside those that apply to every call.</summary>
internal sealed class LimitList(LimitList? shared = null)
{
    private readonly Dictionary<CounterDefinition, LimitNode?> _byCounter = [];
    private readonly List<LimitNode> _limits = [];

    public IReadOnlyList<LimitNode> Limits => _limits;

    /// <summary>Takes a counter for a limit of this list; false when another has it.</summary>
    public bool TryClaim(CounterDefinition counter) => _byCounter.TryAdd(counter, null);

    public void Add(LimitNode limit)
    {
        _byCounter[limit.Counter] = limit;
        _limits.Add(limit);
    }

    /// <summary>Whether a limit of every call refuses all that this one would: the same counter, the same amount, no more room.</summary>
    public bool IsImplied(LimitNode limit) =>
        limit.IncrementFrom is null
        && shared is not null
        && shared._byCounter.TryGetValue(limit.Counter, out LimitNode? other)
        && other is { IncrementFrom: null }
        && other.MaxMillionths <= limit.MaxMillionths;
}
