using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary><c>exists</c>: JSON null is there.</summary>
internal sealed class ExistsCondition(ConditionTarget target, bool isThere) : Condition(target)
{
    protected override Judgement Test(in JsonValue argument, CallScratch scratch) => Judgements.Of(isThere);

    protected override Judgement WhenMissing(RuleMode mode) => Judgements.Of(!isThere);
}
