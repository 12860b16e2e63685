using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>contains</c> with an operand from the call.</summary>
internal sealed class TakenContains(ConditionTarget target, OperandSource source) : TakenCondition(target, source)
{
    public override string Operator => "contains";

    public override string Need => $"a string or an array that can be compared with `{OperandPath}`";

    public override string OperandNeed => Needs.Given;

    protected override bool Takes(JsonKind kind) => kind is JsonKind.String or JsonKind.Array;

    protected override Judgement Test(in JsonValue argument, in JsonValue operand, CallScratch scratch) => argument.Kind switch
    {
        JsonKind.String when operand.Kind == JsonKind.String => HasPart(argument.String, operand.String, scratch),
        JsonKind.Array => HasElement(argument, operand, scratch),
        _ => Judgement.Unjudgeable,
    };

    protected override bool Takes(in JsonValue operand, CallScratch scratch) => true;

    private static Judgement HasPart(JsonString text, JsonString part, CallScratch scratch) =>
        scratch.Work.TrySpend(StepCosts.Comparison + part.CostOfDecoding)
            ? ContainsCondition.HasPart(text, scratch.OperandUtf8(part), scratch)
            : Judgement.Unjudgeable;

    private static Judgement HasElement(in JsonValue array, in JsonValue operand, CallScratch scratch)
    {
        Judgement any = Judgement.False;
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (!scratch.Work.TrySpend(StepCosts.Comparison))
            {
                return Judgement.Unjudgeable;
            }

            any = any.Or(TakenEquality.JudgeEqual(element, operand, scratch));
            if (any == Judgement.True)
            {
                break;
            }
        }

        return any;
    }
}
