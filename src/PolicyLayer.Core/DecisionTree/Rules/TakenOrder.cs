using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>lt</c>, <c>lte</c>, <c>gt</c> and <c>gte</c> with a number from the call.</summary>
internal sealed class TakenOrder(ConditionTarget target, OperandSource source, NumericOperator comparison) : TakenCondition(target, source)
{
    public override string Operator => OrderCondition.NameOf(comparison);

    public override string Need => Needs.ShortNumber;

    public override string NeedOfKind => Needs.Number;

    public override string OperandNeed => Needs.Number;

    protected override bool Takes(JsonKind kind) => kind == JsonKind.Number;

    // Both numbers are read for this.
    protected override Judgement Test(in JsonValue argument, in JsonValue operand, CallScratch scratch) =>
        argument.Kind == JsonKind.Number
        && operand.Kind == JsonKind.Number
        && scratch.Work.TrySpend((2 * StepCosts.Number) + (long)argument.Raw.Length + operand.Raw.Length)
            ? JsonNumberComparison.Judge(comparison, argument.Number, operand.Number, scratch.Work)
            : Judgement.Unjudgeable;

    protected override bool Takes(in JsonValue operand, CallScratch scratch) => operand.Kind == JsonKind.Number;
}
