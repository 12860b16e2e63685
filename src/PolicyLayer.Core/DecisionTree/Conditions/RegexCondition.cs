using PolicyLayer.Compilation.Regexes;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary><c>regex</c>.</summary>
internal sealed class RegexCondition(int place, PolicyPath path, RuleMode mode, LinearRegex regex) : Condition(place, path, mode)
{
    protected override Judgement Test(JsonValue argument, CallScratch scratch) =>
        argument.Kind == JsonKind.String
            ? Judgements.Of(regex.IsMatch(scratch.Utf16(argument.String)))
            : Judgement.Unjudgeable;

    protected override Judgement WhenMissing(RuleMode mode) => Judgement.False;
}
