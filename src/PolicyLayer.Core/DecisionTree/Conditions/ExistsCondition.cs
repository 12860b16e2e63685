using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary><c>exists</c>: JSON null is there.</summary>
internal sealed class ExistsCondition(int place, PolicyPath path, RuleMode mode, bool isThere) : Condition(place, path, mode)
{
    protected override Judgement Test(JsonValue argument, CallScratch scratch) => Judgements.Of(isThere);

    protected override Judgement WhenMissing(RuleMode mode) => Judgements.Of(!isThere);
}
