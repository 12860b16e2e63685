using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>The places of a policy's parts. Nodes hold what tells them apart; a place is made when a denial names it.</summary>
internal static class PolicyPlaces
{
    private static readonly Place AllTools = Place.Root.Member("all_tools");

    private static readonly Place Hide = Place.Root.Member("hide");

    public static Place Tools { get; } = Place.Root.Member("tools");

    public static Place Default { get; } = Place.Root.Member("default");

    /// <summary>The place of a tool's entry, given its key; without one, of <c>all_tools</c>.</summary>
    public static Place Entry(string? toolKey) => toolKey is null ? AllTools : Tools.Member(toolKey);

    public static Place Hidden(int index) => Hide.Element(index);
}
