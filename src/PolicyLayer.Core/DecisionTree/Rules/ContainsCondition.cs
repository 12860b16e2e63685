using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>contains</c>: a part of a string, or an element of an array.</summary>
internal sealed class ContainsCondition(ConditionTarget target, PolicyValue value) : Condition(target)
{
    /// <summary>How much of a part may be compared at each place of the text in the time of a step.</summary>
    private const int PartBytes = 256;

    public override string Operator => "contains";

    public override string Need =>
        value.Kind == JsonKind.String ? $"{Needs.Kind(JsonKind.String)} or {Needs.Elements(value.Kind)}" : Needs.Elements(value.Kind);

    protected override bool Takes(JsonKind kind) => kind == JsonKind.Array || (kind == JsonKind.String && value.Kind == JsonKind.String);

    /// <summary>Whether a text has a decoded part, by code points.</summary>
    public static Judgement HasPart(JsonString text, ReadOnlySpan<byte> part, CallScratch scratch)
    {
        // The search looks at the part's ends first: a text may be made so that they are found at each place.
        long places = Math.Max(text.Raw.Length - part.Length + 1, 0);
        return scratch.Work.TrySpend(text.CostOfDecoding + (places * (1 + (part.Length / PartBytes))))
            ? Judgements.Of(scratch.Utf8(text).IndexOf(part) >= 0)
            : Judgement.Unjudgeable;
    }

    protected override Judgement Test(in JsonValue argument, in CallFacts facts) => argument.Kind switch
    {
        JsonKind.String when value is PolicyText part => HasPart(argument.String, part.Utf8, facts.Scratch),
        JsonKind.Array => HasElement(argument, facts.Scratch),
        _ => Judgement.Unjudgeable,
    };

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgement.False;

    private Judgement HasElement(in JsonValue array, CallScratch scratch)
    {
        Judgement any = Judgement.False;
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (!scratch.Work.TrySpend(StepCosts.Comparison))
            {
                return Judgement.Unjudgeable;
            }

            any = any.Or(value.JudgeEqual(element, scratch));
            if (any == Judgement.True)
            {
                break;
            }
        }

        return any;
    }
}
