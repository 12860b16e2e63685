using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualityCondition(int place, PolicyPath path, RuleMode mode, PolicyValue value, bool isNegated)
    : Condition(place, path, mode)
{
    protected override Judgement Test(JsonValue argument, CallScratch scratch)
    {
        Judgement judgement = value.JudgeEqual(argument, scratch);
        return isNegated ? judgement.Not() : judgement;
    }

    protected override Judgement WhenMissing(RuleMode mode) => Judgements.Of(isNegated && mode == RuleMode.DenyIf);
}
