using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Where in the call a condition's operand is: the path of <c>value_from</c>, which has no <c>[*]</c>.</summary>
/// <param name="Place">The path's place in the entry's table.</param>
/// <param name="Path">The path.</param>
internal readonly record struct OperandSource(int Place, PolicyPath Path)
{
    /// <summary>The operand; false where it is missing, null or unjudgeable.</summary>
    public bool TryFind(in CallFacts facts, out JsonValue operand)
    {
        int token = facts.Resolve(Place);
        operand = token < 0 ? default : facts.ValueAt(Path.Root, token);
        return operand.Kind is not (JsonKind.None or JsonKind.Null);
    }
}
