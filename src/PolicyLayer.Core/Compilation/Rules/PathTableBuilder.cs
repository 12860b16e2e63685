using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Gives each distinct head of an entry's paths its place, after those of the paths that every entry shares.</summary>
internal sealed class PathTableBuilder(PathTableBuilder? shared = null)
{
    private readonly PathTableBuilder? _shared = shared;
    private readonly int _first = shared?.Count ?? 0;
    private List<PolicyPath>? _heads;
    private Dictionary<string, int>? _places;
    private PathTable? _built;

    private int Count => _first + (_heads?.Count ?? 0);

    /// <summary>The place of a path's head.</summary>
    public int Add(PolicyPath path)
    {
        string key = path.HeadKey;
        if (Find(key) is { } known)
        {
            return known;
        }

        int place = Count;
        _built = null;
        (_heads ??= []).Add(path);
        (_places ??= new Dictionary<string, int>(StringComparer.Ordinal)).Add(key, place);
        return place;
    }

    /// <summary>The heads so far, the shared ones first. Entries that add none, or the same one, have one table together.</summary>
    public PathTable Build(CompilationContext context)
    {
        PathTable? shared = _shared?.Build(context);
        if (_heads is null)
        {
            return shared ?? PathTable.Empty;
        }

        return _built ??= _heads.Count == 1 && _shared is not null
            ? context.TableOf(_heads[0], shared)
            : new PathTable([.. _heads], shared);
    }

    private int? Find(string key) =>
        _places is not null && _places.TryGetValue(key, out int place) ? place : _shared?.Find(key);
}
