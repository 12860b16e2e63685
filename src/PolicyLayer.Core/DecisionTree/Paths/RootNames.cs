namespace PolicyLayer.DecisionTree.Paths;

/// <summary>The facts that the engine itself gives, by the names that policies call them.</summary>
internal static class RootNames
{
    public static IReadOnlyList<string> Call { get; } = ["tool"];

    public static IReadOnlyList<string> Time { get; } = ["hour", "minute_of_day", "weekday", "day", "month", "year"];

    /// <summary>The names under a root; null where anything may be.</summary>
    public static IReadOnlyList<string>? Under(PathRoot root) => root switch
    {
        PathRoot.Call => Call,
        PathRoot.Time => Time,
        _ => null,
    };
}
