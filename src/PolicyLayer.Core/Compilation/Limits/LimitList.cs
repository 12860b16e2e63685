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

    private readonly List<LimitNode> _limits = new(1);
    private Dictionary<CounterDefinition, int>? _byCounter;

    public int Count => _limits.Count;

    public IReadOnlyList<LimitNode> All => _limits;

    /// <summary>Adds a limit; false when its counter has one in this list.</summary>
    public bool TryAdd(LimitNode limit)
    {
        if (Find(limit.Counter) >= 0)
        {
            return false;
        }

        _byCounter?.Add(limit.Counter, _limits.Count);
        _limits.Add(limit);
        if (_byCounter is null && _limits.Count > Few)
        {
            _byCounter = _limits.Index().ToDictionary(known => known.Item.Counter, known => known.Index);
        }

        return true;
    }

    /// <summary>Makes room for the limits of the next entry.</summary>
    public void Clear()
    {
        _limits.Clear();
        _byCounter = null;
    }

    /// <summary>Whether a limit of every call refuses all that this one would: the same counter, the same amount, no more room.</summary>
    public bool IsImplied(LimitNode limit) =>
        limit.IncrementFrom is null
        && FindTwin(limit) is >= 0 and var twin
        && shared!._limits[twin] is { IncrementFrom: null } other
        && other.MaxMillionths <= limit.MaxMillionths;

    /// <summary>The limits as a call meets them. Their paths get places in the entry's table.</summary>
    public LimitPlan ToPlan(LimitPlan? common, PathTableBuilder paths, CompilationContext context)
    {
        int[]? twins = HasTwins() ? [.. _limits.Select(FindTwin)] : null;
        if (_limits.Count == 1 && _limits[0].IncrementFrom is null)
        {
            return context.PlanOf(_limits[0], common, twins);
        }

        LimitNode[] limits = [.. _limits];
        bool readsAmounts = Array.Exists(limits, limit => limit.IncrementFrom is not null);
        return new LimitPlan(limits, readsAmounts ? FindPlaces(limits, paths) : null, common, twins);
    }

    // Apart, as what a lambda captures is made where its method begins.
    private static int[] FindPlaces(LimitNode[] limits, PathTableBuilder paths) =>
        Array.ConvertAll(limits, limit => limit.IncrementFrom is { } path ? paths.Add(path) : -1);

    private bool HasTwins()
    {
        bool hasTwins = false;
        foreach (LimitNode limit in _limits)
        {
            hasTwins |= FindTwin(limit) >= 0;
        }

        return hasTwins;
    }

    /// <summary>The place of the shared limit on the same counter; −1 for none.</summary>
    private int FindTwin(LimitNode limit) => shared?.Find(limit.Counter) ?? -1;

    private int Find(CounterDefinition counter)
    {
        if (_byCounter is not null)
        {
            return _byCounter.GetValueOrDefault(counter, -1);
        }

        for (int i = 0; i < _limits.Count; i++)
        {
            if (_limits[i].Counter.Equals(counter))
            {
                return i;
            }
        }

        return -1;
    }
}
