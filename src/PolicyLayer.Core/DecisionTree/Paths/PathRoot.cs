namespace PolicyLayer.DecisionTree.Paths;

/// <summary>Where a path begins.</summary>
internal enum PathRoot : byte
{
    Arguments = 0,
    Grant,
    Context,

    /// <summary>The call itself: its tool.</summary>
    Call,

    /// <summary>When the call is judged, in the policy's time zone.</summary>
    Time,
}
