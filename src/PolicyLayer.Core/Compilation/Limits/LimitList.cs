using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Counting;

namespace PolicyLayer.Compilation.Limits;

/// <summary>The limits of one list, in which no counter stands twice, beside those that apply to every call.</summary>
internal sealed class LimitList(LimitList? shared = null)
{
    /// <summary>Up to this many are found faster by looking through them all; most lists have one or two.</summary>
    private const int Few = 8;

    private readonly List<LimitNode> _limits = new(1);
    private Dictionary<(CounterDefinition, PartitionSource?), int>? _byCounter;

    public int Count => _limits.Count;

    public IReadOnlyList<LimitNode> All => _limits;

    /// <summary>Adds a limit; false when its counter has one in this list.</summary>
    public bool TryAdd(LimitNode limit)
    {
        if (Find(limit) >= 0)
        {
            return false;
        }

        _byCounter?.Add((limit.Counter, limit.Partition), _limits.Count);
        _limits.Add(limit);
        if (_byCounter is null && _limits.Count > Few)
        {
            _byCounter = _limits.Index().ToDictionary(known => (known.Item.Counter, known.Item.Partition), known => known.Index);
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
        limit.Amount is null
        && FindTwin(limit) is >= 0 and var twin
        && shared!._limits[twin] is { Amount: null } other
        && other.MaxMillionths <= limit.MaxMillionths;

    /// <summary>What a call meets: an entry's orders, then these limits. Their paths get places in the entry's table.</summary>
    public CounterPlan ToPlan(IReadOnlyList<OrderNode> orders, CounterPlan? common, PathTableBuilder paths, CompilationContext context)
    {
        int[]? twins = HasTwins() ? [.. orders.Select(_ => -1), .. _limits.Select(FindTwin)] : null;
        if (orders.Count == 0 && _limits.Count == 1 && _limits[0] is { Amount: null, Partition: null })
        {
            return context.PlanOf(_limits[0], common, twins);
        }

        CounterUse[] uses = [.. orders, .. _limits];
        bool readsCalls = Array.Exists(uses, use => use.Amount is not null || use.Partition is not null);
        return new CounterPlan(uses, readsCalls ? FindInputs(uses, paths) : null, common, twins);
    }

    // Apart, as what a lambda captures is made where its method begins.
    private static UseInput?[] FindInputs(CounterUse[] uses, PathTableBuilder paths) =>
        Array.ConvertAll(uses, use => UseInput.Of(use, paths.Add));

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
    private int FindTwin(LimitNode limit) => shared?.Find(limit) ?? -1;

    private int Find(LimitNode limit)
    {
        if (_byCounter is not null)
        {
            return _byCounter.GetValueOrDefault((limit.Counter, limit.Partition), -1);
        }

        for (int i = 0; i < _limits.Count; i++)
        {
            if (_limits[i].Counter.Equals(limit.Counter) && ReferenceEquals(_limits[i].Partition, limit.Partition))
            {
                return i;
            }
        }

        return -1;
    }
}
