using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>eq</c> and <c>neq</c> with an operand from the call.</summary>
internal sealed class TakenEquality(ConditionTarget target, OperandSource source, bool isNegated) : TakenCondition(target, source)
{
    public override string Operator => isNegated ? "neq" : "eq";

    public override string Need => $"comparable with `{OperandPath}`: of its kind, numbers of at most 15 digits";

    public override string OperandNeed => Needs.Given;

    /// <summary>Deep equality in two readings; of another kind, unjudgeable, and so when it takes too much work.</summary>
    public static Judgement JudgeEqual(in JsonValue argument, in JsonValue operand, CallScratch scratch) =>
        argument.Kind.IsSameKindAs(operand.Kind)
            ? JsonEquality.Judge(argument, operand, scratch.Arguments, scratch.Work)
            : Judgement.Unjudgeable;

    protected override Judgement Test(in JsonValue argument, in JsonValue operand, CallScratch scratch)
    {
        Judgement judgement = JudgeEqual(argument, operand, scratch);
        return isNegated ? judgement.Not() : judgement;
    }

    protected override bool Takes(JsonKind kind) => true;

    protected override bool Takes(in JsonValue operand, CallScratch scratch) => true;

    protected override Judgement WhenMissing(bool mustHold) => Judgements.Of(isNegated && !mustHold);
}
