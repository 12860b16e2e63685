using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualityCondition(ConditionTarget target, PolicyValue value, bool isNegated)
    : Condition(target)
{
    protected override Judgement Test(in JsonValue argument, CallScratch scratch)
    {
        Judgement judgement = value.JudgeEqual(argument, scratch);
        return isNegated ? judgement.Not() : judgement;
    }

    protected override Judgement WhenMissing(bool mustHold) => Judgements.Of(isNegated && !mustHold);
}
