using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary><c>lt</c>, <c>lte</c>, <c>gt</c> and <c>gte</c>.</summary>
internal sealed class OrderCondition(int place, PolicyPath path, RuleMode mode, NumericOperator comparison, PolicyValue value)
    : Condition(place, path, mode)
{
    protected override Judgement Test(JsonValue argument, CallScratch scratch) =>
        argument.Kind == JsonKind.Number
            ? JsonNumberComparison.Judge(comparison, argument.Number, value.Value.Number)
            : Judgement.Unjudgeable;

    protected override Judgement WhenMissing(RuleMode mode) => Judgement.False;
}
