using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualityCondition(ConditionTarget target, PolicyValue value, bool isNegated)
    : Condition(target)
{
    protected override Judgement Test(in JsonValue argument, in CallFacts facts)
    {
        Judgement judgement = value.JudgeEqual(argument, facts.Scratch);
        return isNegated ? judgement.Not() : judgement;
    }

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgements.Of(isNegated && !mustHold);
}
