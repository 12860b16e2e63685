using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>lt</c>, <c>lte</c>, <c>gt</c> and <c>gte</c>.</summary>
internal sealed class OrderCondition(ConditionTarget target, NumericOperator comparison, StoredNumber limit)
    : Condition(target)
{
    public override string Operator => NameOf(comparison);

    public override string Need => Needs.ShortNumber;

    public override string NeedOfKind => Needs.Number;

    /// <summary>What policies call it.</summary>
    public static string NameOf(NumericOperator comparison) => comparison switch
    {
        NumericOperator.Less => "lt",
        NumericOperator.LessOrEqual => "lte",
        NumericOperator.Greater => "gt",
        _ => "gte",
    };

    protected override bool Takes(JsonKind kind) => kind == JsonKind.Number;

    protected override Judgement Test(in JsonValue argument, in CallFacts facts) =>
        argument.Kind == JsonKind.Number && facts.Scratch.Work.TrySpend(StepCosts.Number + argument.Raw.Length)
            ? JsonNumberComparison.Judge(comparison, argument.Number, limit.Value, facts.Scratch.Work)
            : Judgement.Unjudgeable;

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgement.False;
}
