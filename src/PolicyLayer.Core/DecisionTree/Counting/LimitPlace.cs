namespace PolicyLayer.DecisionTree.Counting;

/// <summary>Where a limit stands in its policy.</summary>
/// <param name="IsCommon">Whether it stands in <c>all_tools</c>; else in whatever entry asks, so that entries may share it.</param>
/// <param name="Index">Its index in <c>limits</c>; <see cref="Shorthand"/> for <c>rate_limit</c>.</param>
internal readonly record struct LimitPlace(bool IsCommon, int Index)
{
    public const int Shorthand = -1;
}
