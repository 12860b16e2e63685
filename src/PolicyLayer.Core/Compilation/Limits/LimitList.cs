using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Limits;

namespace PolicyLayer.Compilation.Limits;

/// <summary>The limits of one list, in which no counter stands twice, beside those that apply to every call.</summary>
internal sealed class LimitList(LimitList? shared = null)
{
    /// <summary>Up to this many are found faster by looking through them all; most lists have one or two.</summary>
    private const int Few = 8;

    // Policies have many lists of one: such a list takes no more than that.
    private LimitNode[] _limits = [];
    private Dictionary<CounterDefinition, LimitNode>? _byCounter;

    public int Count { get; private set; }

    public ReadOnlySpan<LimitNode> Limits => _limits.AsSpan(0, Count);

    /// <summary>Adds a limit; false when its counter has one in this list.</summary>
    public bool TryAdd(LimitNode limit)
    {
        if (Find(limit.Counter) is not null)
        {
            return false;
        }

        if (Count == _limits.Length)
        {
            Array.Resize(ref _limits, Math.Max(1, 2 * Count));
        }

        _limits[Count++] = limit;
        if (_byCounter is null && Count > Few)
        {
            _byCounter = _limits.Take(Count).ToDictionary(known => known.Counter);
        }
        else
        {
            _byCounter?.Add(limit.Counter, limit);
        }

        return true;
    }

    /// <summary>Whether a limit of every call refuses all that this one would: the same counter, the same amount, no more room.</summary>
    public bool IsImplied(LimitNode limit) =>
        limit.IncrementFrom is null
        && shared?.Find(limit.Counter) is { IncrementFrom: null } other
        && other.MaxMillionths <= limit.MaxMillionths;

    /// <summary>The limits as a call meets them. Their paths get places in the entry's table.</summary>
    public LimitPlan ToPlan(LimitPlan? common, PathTableBuilder paths, CompilationContext context)
    {
        if (Count == 1 && _limits[0].IncrementFrom is null)
        {
            return context.PlanOf(_limits[0], common);
        }

        LimitNode[] limits = Limits.ToArray();
        bool readsAmounts = Array.Exists(limits, limit => limit.IncrementFrom is not null);
        return new LimitPlan(limits, readsAmounts ? FindPlaces(limits, paths) : null, common);
    }

    private static int[] FindPlaces(LimitNode[] limits, PathTableBuilder paths) =>
        Array.ConvertAll(limits, limit => limit.IncrementFrom is { } path ? paths.Add(path) : -1);

    private LimitNode? Find(CounterDefinition counter)
    {
        if (_byCounter is not null)
        {
            return _byCounter.GetValueOrDefault(counter);
        }

        foreach (LimitNode limit in Limits)
        {
            if (limit.Counter.Equals(counter))
            {
                return limit;
            }
        }

        return null;
    }
}
