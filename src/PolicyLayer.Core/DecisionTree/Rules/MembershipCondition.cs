using System.Collections.Frozen;
using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>in</c> and <c>not_in</c>.</summary>
internal sealed class MembershipCondition : Condition
{
    /// <summary>From so many values on, a look-up beats comparing with each.</summary>
    private const int Many = 8;

    private readonly bool _isNegated;

    /// <summary>The first value's kind, and whether others are of another one.</summary>
    private readonly JsonKind _kind;
    private readonly bool _isMixed;

    private readonly FrozenSet<string>? _strings;
    private readonly PolicyValueTable? _table;

    /// <summary>What is neither in the set nor in the table.</summary>
    private readonly PolicyValue[] _others;

    private readonly bool _othersHaveNumbers;

    public MembershipCondition(ConditionTarget target, PolicyValue[] values, bool isNegated)
        : base(target)
    {
        _isNegated = isNegated;
        _kind = values[0].Kind;
        _isMixed = Array.Exists(values, value => !value.Kind.IsSameKindAs(_kind));
        PolicyText[] strings = [.. values.OfType<PolicyText>()];
        HashedPolicyValue[] hashed = [.. values.OfType<HashedPolicyValue>()];
        _strings = strings.Length >= Many
            ? strings.Select(value => Encoding.UTF8.GetString(value.Utf8)).ToFrozenSet(StringComparer.Ordinal)
            : null;
        _table = hashed.Length >= Many ? new PolicyValueTable(hashed) : null;

        // Literals are few objects, however often the list says them.
        _others =
        [
            .. values.Where(value => !(_strings is not null && value is PolicyText) && !(_table is not null && value is HashedPolicyValue))
                .Distinct(),
        ];
        _othersHaveNumbers = Array.Exists(_others, value => value is PolicyNumber);
    }

    public override string Operator => _isNegated ? "not_in" : "in";

    public override string Need => _isMixed ? $"of a kind that `{Operator}` lists" : Needs.Readable(_kind);

    public override string NeedOfKind => _isMixed ? Need : Needs.Kind(_kind);

    protected override bool Takes(JsonKind kind) => _isMixed || kind.IsSameKindAs(_kind);

    protected override Judgement Test(in JsonValue argument, in CallFacts facts)
    {
        CallScratch scratch = facts.Scratch;
        Judgement judgement = argument.Kind switch
        {
            JsonKind.String when _strings is not null => Find(_strings, argument.String, scratch),
            JsonKind.Number or JsonKind.Array or JsonKind.Object when _table is not null => _table.Judge(argument, scratch),
            _ => Compare(argument, scratch),
        };
        return _isNegated ? judgement.Not() : judgement;
    }

    protected override Judgement WhenMissing(bool mustHold, in CallFacts facts) => Judgements.Of(_isNegated && !mustHold);

    private static Judgement Find(FrozenSet<string> strings, JsonString argument, CallScratch scratch) =>
        scratch.Work.TrySpend(StepCosts.Hash + argument.Raw.Length)
            ? Judgements.Of(strings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(scratch.Utf16(argument)))
            : Judgement.Unjudgeable;

    private Judgement Compare(in JsonValue argument, CallScratch scratch)
    {
        // Read once, not once an element, and only if one is compared with it: a number may be as long as the arguments.
        JsonNumber number = default;
        if (_othersHaveNumbers && argument.Kind == JsonKind.Number)
        {
            if (!scratch.Work.TrySpend(StepCosts.Number + argument.Raw.Length))
            {
                return Judgement.Unjudgeable;
            }

            number = argument.Number;
        }

        // Of the kind of no element it stays unjudgeable.
        Judgement? any = null;
        foreach (PolicyValue value in _others)
        {
            if (!argument.Kind.IsSameKindAs(value.Kind))
            {
                continue;
            }

            Judgement judgement = value is PolicyNumber listed
                ? listed.JudgeEqual(number, scratch.Work)
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
