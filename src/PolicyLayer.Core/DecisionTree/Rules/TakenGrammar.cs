using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>An operator of meaning with patterns from the call: a string, or an array of strings that isn't empty.</summary>
internal sealed class TakenGrammar(ConditionTarget target, OperandSource source, TextGrammar grammar) : TakenCondition(target, source)
{
    private readonly bool _mustHold = target.MustHold;

    public override string Operator => grammar.Operator;

    public override string Need => grammar.Need;

    public override string NeedOfKind => grammar.NeedOfKind;

    public override string OperandNeed => $"a string or an array of strings that `{grammar.Operator}` can read";

    protected override bool Takes(JsonKind kind) => grammar.Takes(kind);

    protected override Judgement Test(in JsonValue argument, in JsonValue operand, CallScratch scratch) =>
        grammar.ReadPatterns(operand, scratch) is { } patterns
            ? grammar.Judge(argument, patterns, _mustHold, scratch)
            : Judgement.Unjudgeable;

    protected override Obstacle? FindObstacle(in JsonValue value, in JsonValue operand, CallScratch scratch) =>
        grammar.ReadPatterns(operand, scratch) is { } patterns ? grammar.FindObstacle(value, patterns, scratch) : null;

    protected override bool Takes(in JsonValue operand, CallScratch scratch) => grammar.ReadPatterns(operand, scratch) is not null;
}
