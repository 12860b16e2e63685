using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>Where a limit stands in its policy.</summary>
/// <param name="IsCommon">Whether it stands in <c>all_tools</c>; else in whatever entry asks, so that entries may share it.</param>
/// <param name="Index">Its index in <c>limits</c>; <see cref="Shorthand"/> for <c>rate_limit</c>.</param>
internal readonly record struct LimitPlace(bool IsCommon, int Index)
{
    public const int Shorthand = -1;

    /// <summary>The place for a tool's entry, given its key, that has the limit of its own or from <c>all_tools</c>.</summary>
    public Place In(string? toolKey)
    {
        Place owner = PolicyPlaces.Entry(IsCommon ? null : toolKey);
        return Index == Shorthand ? owner.Member("rate_limit") : owner.Member("limits").Element(Index);
    }
}
