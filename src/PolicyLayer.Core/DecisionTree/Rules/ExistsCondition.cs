using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>exists</c>: JSON null is there.</summary>
internal sealed class ExistsCondition(ConditionTarget target, bool isThere) : Condition(target)
{
    public override string Operator => "exists";

    public override string Need => Needs.Given;

    protected override bool Takes(JsonKind kind) => true;

    protected override Judgement Test(in JsonValue argument, in CallFacts facts) => Judgements.Of(isThere);

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgements.Of(!isThere);

    protected override Judgement WhenNotGiven => Judgements.Of(!isThere);
}
