using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>within</c>, <c>url_in</c>, <c>email_in</c>, <c>command_in</c> and <c>argv_in</c>.</summary>
internal sealed class GrammarCondition(ConditionTarget target, TextGrammar grammar, TextList patterns) : Condition(target)
{
    private readonly bool _mustHold = target.MustHold;

    public override string Operator => grammar.Operator;

    public override string Need => grammar.Need;

    public override string NeedOfKind => grammar.NeedOfKind;

    protected override bool Takes(JsonKind kind) => grammar.Takes(kind);

    protected override Judgement Test(in JsonValue argument, in CallFacts facts) =>
        grammar.Judge(argument, patterns, _mustHold, facts.Scratch);

    protected override Obstacle? FindObstacle(in JsonValue value, in CallFacts facts) =>
        grammar.FindObstacle(value, patterns, facts.Scratch);

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgement.False;
}
