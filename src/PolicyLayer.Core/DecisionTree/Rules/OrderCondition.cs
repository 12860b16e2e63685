using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>lt</c>, <c>lte</c>, <c>gt</c> and <c>gte</c>.</summary>
internal sealed class OrderCondition(ConditionTarget target, NumericOperator comparison, StoredNumber limit)
    : Condition(target)
{
    protected override Judgement Test(in JsonValue argument, CallScratch scratch) =>
        argument.Kind == JsonKind.Number && scratch.Work.TrySpend(StepCosts.Number + argument.Raw.Length)
            ? JsonNumberComparison.Judge(comparison, argument.Number, limit.Value, scratch.Work)
            : Judgement.Unjudgeable;

    protected override Judgement WhenMissing(bool mustHold) => Judgement.False;
}
