namespace PolicyLayer.DecisionTree.Paths;

/// <summary>
/// The distinct heads of the paths that an entry's rules and limits read. Each has a place, so that a call follows it once however
/// many rules ask.
/// </summary>
internal sealed class PathTable(PolicyPath[] heads)
{
    public static PathTable Empty { get; } = new([]);

    public int Count => heads.Length;

    public PolicyPath this[int place] => heads[place];

    /// <summary>Whether any path begins at the grant's attributes.</summary>
    public bool ReadsGrant { get; } = Array.Exists(heads, path => path.Root == PathRoot.Grant);

    /// <summary>Whether any path begins at the call's context.</summary>
    public bool ReadsContext { get; } = Array.Exists(heads, path => path.Root == PathRoot.Context);
}
