using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>eq</c> and <c>neq</c>, and <c>in</c> and <c>not_in</c> of one value.</summary>
internal sealed class EqualityCondition(ConditionTarget target, PolicyValue value, bool isNegated, bool isList = false)
    : Condition(target)
{
    public override string Operator => (isNegated, isList) switch
    {
        (false, false) => "eq",
        (true, false) => "neq",
        (false, true) => "in",
        _ => "not_in",
    };

    public override string Need => Needs.Readable(value.Kind);

    public override string NeedOfKind => Needs.Kind(value.Kind);

    protected override bool Takes(JsonKind kind) => kind.IsSameKindAs(value.Kind);

    protected override Judgement Test(in JsonValue argument, in CallFacts facts)
    {
        Judgement judgement = value.JudgeEqual(argument, facts.Scratch);
        return isNegated ? judgement.Not() : judgement;
    }

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgements.Of(isNegated && !mustHold);
}
