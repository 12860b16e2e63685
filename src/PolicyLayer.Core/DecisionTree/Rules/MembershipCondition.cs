using System.Collections.Frozen;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>in</c> and <c>not_in</c>.</summary>
internal sealed class MembershipCondition : Condition
{
    /// <summary>From so many strings on, a look-up beats comparing with each.</summary>
    private const int ManyStrings = 8;

    private readonly PolicyValue[] _values;
    private readonly bool _isNegated;
    private readonly FrozenSet<string>? _strings;

    public MembershipCondition(ConditionTarget target, PolicyValue[] values, bool isNegated)
        : base(target)
    {
        _isNegated = isNegated;
        PolicyText[] strings = [.. values.OfType<PolicyText>()];
        if (strings.Length >= ManyStrings)
        {
            _strings = strings.Select(value => System.Text.Encoding.UTF8.GetString(value.Utf8)).ToFrozenSet(StringComparer.Ordinal);
            values = [.. values.Where(value => value.Kind != JsonKind.String)];
        }

        _values = values;
    }

    protected override Judgement Test(in JsonValue argument, CallScratch scratch)
    {
        Judgement judgement = _strings is not null && argument.Kind == JsonKind.String
            ? Judgements.Of(_strings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(scratch.Utf16(argument.String)))
            : Compare(argument, scratch);
        return _isNegated ? judgement.Not() : judgement;
    }

    protected override Judgement WhenMissing(bool mustHold) => Judgements.Of(_isNegated && !mustHold);

    private Judgement Compare(in JsonValue argument, CallScratch scratch)
    {
        // Read once, not once an element: a number may be as long as the arguments.
        JsonNumber number = argument.Kind == JsonKind.Number ? argument.Number : default;

        // Of the kind of no element it stays unjudgeable.
        Judgement? any = null;
        foreach (PolicyValue value in _values)
        {
            if (!argument.Kind.IsSameKindAs(value.Kind))
            {
                continue;
            }

            Judgement judgement = value is PolicyNumber listed
                ? JsonNumberComparison.Judge(NumericOperator.Equal, number, listed.Value)
                : value.JudgeEqual(argument, scratch);
            if (judgement == Judgement.True)
            {
                return Judgement.True;
            }

            any = any is { } before ? before.Or(judgement) : judgement;
        }

        return any ?? Judgement.Unjudgeable;
    }
}
