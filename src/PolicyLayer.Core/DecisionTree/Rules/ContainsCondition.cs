using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>contains</c>: a part of a string, or an element of an array.</summary>
internal sealed class ContainsCondition(ConditionTarget target, PolicyValue value) : Condition(target)
{
    protected override Judgement Test(in JsonValue argument, CallScratch scratch) => argument.Kind switch
    {
        JsonKind.String when value is PolicyText part =>
            Judgements.Of(scratch.Utf8(argument.String).IndexOf(part.Utf8) >= 0),
        JsonKind.Array => HasElement(argument, scratch),
        _ => Judgement.Unjudgeable,
    };

    protected override Judgement WhenMissing(bool mustHold) => Judgement.False;

    private Judgement HasElement(in JsonValue array, CallScratch scratch)
    {
        Judgement any = Judgement.False;
        foreach (JsonValue element in array.EnumerateElements())
        {
            any = any.Or(value.JudgeEqual(element, scratch));
            if (any == Judgement.True)
            {
                break;
            }
        }

        return any;
    }
}
