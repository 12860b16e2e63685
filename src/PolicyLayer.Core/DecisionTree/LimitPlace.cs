using PolicyLayer.Documents;

namespace PolicyLayer.DecisionTree;

/// <summary>Where a limit stands in its policy.</summary>
/// <param name="ToolKey">The key of the tool's entry; null for <c>all_tools</c>.</param>
/// <param name="Index">Its index in <c>limits</c>; <see cref="Shorthand"/> for <c>rate_limit</c>.</param>
internal readonly record struct LimitPlace(string? ToolKey, int Index)
{
    public const int Shorthand = -1;

    public Place Place
    {
        get
        {
            Place entry = PolicyPlaces.Entry(ToolKey);
            return Index == Shorthand ? entry.Member("rate_limit") : entry.Member("limits").Element(Index);
        }
    }
}
