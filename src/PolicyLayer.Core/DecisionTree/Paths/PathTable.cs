namespace PolicyLayer.DecisionTree.Paths;

/// <summary>
/// The distinct heads of the paths that an entry's rules and limits read. Each has a place, so that a call follows it once however
/// many rules ask. Those of <c>all_tools</c> come first, in a table that entries share.
/// </summary>
internal sealed class PathTable(PolicyPath[] heads, PathTable? shared = null)
{
    private readonly int _first = shared?.Count ?? 0;

    public static PathTable Empty { get; } = new([]);

    public int Count => _first + heads.Length;

    public PolicyPath this[int place] => place < _first ? shared![place] : heads[place - _first];

    /// <summary>Whether any path begins at the grant's attributes.</summary>
    public bool ReadsGrant { get; } = shared is { ReadsGrant: true } || BeginsAt(heads, PathRoot.Grant);

    /// <summary>Whether any path begins at the call's context.</summary>
    public bool ReadsContext { get; } = shared is { ReadsContext: true } || BeginsAt(heads, PathRoot.Context);

    /// <summary>Whether any path begins at the call itself.</summary>
    public bool ReadsCall { get; } = shared is { ReadsCall: true } || BeginsAt(heads, PathRoot.Call);

    /// <summary>Whether any path begins at the time.</summary>
    public bool ReadsTime { get; } = shared is { ReadsTime: true } || BeginsAt(heads, PathRoot.Time);

    private static bool BeginsAt(PolicyPath[] heads, PathRoot root) => Array.Exists(heads, path => path.Root == root);
}
