using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>regex</c>.</summary>
internal sealed class RegexCondition(ConditionTarget target, LinearRegex regex) : Condition(target)
{
    public override string Operator => "regex";

    public override string Need => Needs.Kind(JsonKind.String);

    protected override bool Takes(JsonKind kind) => kind == JsonKind.String;

    protected override Judgement Test(in JsonValue argument, in CallFacts facts)
    {
        if (argument.Kind != JsonKind.String)
        {
            return Judgement.Unjudgeable;
        }

        CallScratch scratch = facts.Scratch;
        JsonString text = argument.String;
        if (!scratch.Work.TrySpend(StepCosts.Regex + text.CostOfDecoding))
        {
            return Judgement.Unjudgeable;
        }

        bool isFound = regex.IsMatch(scratch.Utf8(text), ref scratch.Work.Left);
        return scratch.Work.IsSpent ? Judgement.Unjudgeable : Judgements.Of(isFound);
    }

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgement.False;
}
