namespace PolicyLayer.DecisionTree.Paths;

/// <summary>Where a path begins.</summary>
internal enum PathRoot : byte
{
    Arguments = 0,
    Grant,
    Context,
}
