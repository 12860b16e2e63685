using PolicyLayer.Json;
using PolicyLayer.Regexes;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary><c>regex</c>.</summary>
internal sealed class RegexCondition(ConditionTarget target, LinearRegex regex) : Condition(target)
{
    protected override Judgement Test(in JsonValue argument, CallScratch scratch) =>
        argument.Kind == JsonKind.String
            ? Judgements.Of(regex.IsMatch(scratch.Utf8(argument.String)))
            : Judgement.Unjudgeable;

    protected override Judgement WhenMissing(RuleMode mode) => Judgement.False;
}
