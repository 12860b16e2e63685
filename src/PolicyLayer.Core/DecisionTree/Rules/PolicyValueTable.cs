using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// The numbers, arrays and objects of a list, found by hashes that an agent can't predict: one look by exact value, and one by nearest
/// doubles for what the exact reading doesn't find but the other one may. Immutable.
/// </summary>
internal sealed class PolicyValueTable
{
    private readonly Dictionary<ulong, HashedPolicyValue[]> _exact;

    /// <summary>Of values with equal nearest doubles the first: that one is near an argument says that all are.</summary>
    private readonly Dictionary<ulong, HashedPolicyValue[]> _nearest;

    private readonly HashSet<JsonKind> _kinds;
    private readonly bool _numbersHaveReadings;
    private readonly bool _structuresHaveReadings;

    public PolicyValueTable(HashedPolicyValue[] values)
    {
        _exact = GroupBy(values, NumberReading.Exact, static group => group.ToArray());
        _nearest = GroupBy(values, NumberReading.NearestDouble, FirstOfEach);
        _kinds = [.. values.Select(value => value.Kind)];
        _numbersHaveReadings = Array.Exists(values, value => value is PolicyNumber { HasReadings: true });
        _structuresHaveReadings = Array.Exists(values, value => value is PolicyStructure { HasReadings: true });
    }

    /// <summary>Whether the argument equals a value; unjudgeable when it has the kind of none, or when it takes too much work.</summary>
    /// <param name="argument">A number, array or object.</param>
    /// <param name="scratch">The call's own.</param>
    public Judgement Judge(in JsonValue argument, CallScratch scratch)
    {
        if (!_kinds.Contains(argument.Kind))
        {
            return Judgement.Unjudgeable;
        }

        return argument.Kind == JsonKind.Number ? JudgeNumber(argument, argument.Number, scratch) : JudgeStructure(argument, scratch);
    }

    private Judgement JudgeNumber(in JsonValue argument, in JsonNumber number, CallScratch scratch)
    {
        if (!scratch.Work.TrySpend(StepCosts.Hash + StepCosts.Number + number.Length))
        {
            return Judgement.Unjudgeable;
        }

        if (Find(_exact, JsonHash.Of(number, NumberReading.Exact), argument, scratch) == Judgement.True)
        {
            return Judgement.True;
        }

        // Two numbers whose readings agree differ in both or in none.
        if (number.ReadingsAgree && !_numbersHaveReadings)
        {
            return Judgement.False;
        }

        return scratch.Work.TrySpend(StepCosts.Hash + JsonNumberComparison.CostOfDouble(number))
            ? Find(_nearest, JsonHash.Of(number, NumberReading.NearestDouble), argument, scratch)
            : Judgement.Unjudgeable;
    }

    private Judgement JudgeStructure(in JsonValue argument, CallScratch scratch)
    {
        if (!scratch.Work.TrySpend(JsonHash.CostOf(argument)))
        {
            return Judgement.Unjudgeable;
        }

        Judgement exact = Find(_exact, JsonHash.Of(argument), argument, scratch);
        if (exact == Judgement.True || !_structuresHaveReadings)
        {
            return exact;
        }

        return scratch.Work.TrySpend(JsonHash.CostOf(argument, NumberReading.NearestDouble))
            ? Find(_nearest, JsonHash.Of(argument, NumberReading.NearestDouble), argument, scratch)
            : Judgement.Unjudgeable;
    }

    /// <summary>Compares with the values of one hash, mostly none or one.</summary>
    private static Judgement Find(
        Dictionary<ulong, HashedPolicyValue[]> table, ulong hash, in JsonValue argument, CallScratch scratch)
    {
        Judgement any = Judgement.False;
        if (table.TryGetValue(hash, out HashedPolicyValue[]? values))
        {
            foreach (HashedPolicyValue value in values)
            {
                // Values of one hash are of one kind, but for the rarest chance.
                any = value.Kind == argument.Kind ? any.Or(value.JudgeEqual(argument, scratch)) : any;
                if (any == Judgement.True)
                {
                    break;
                }
            }
        }

        return any;
    }

    private static Dictionary<ulong, HashedPolicyValue[]> GroupBy(
        HashedPolicyValue[] values, NumberReading reading, Func<IEnumerable<HashedPolicyValue>, HashedPolicyValue[]> choose) =>
        values.GroupBy(value => value.Hash(reading)).ToDictionary(group => group.Key, group => choose(group));

    private static HashedPolicyValue[] FirstOfEach(IEnumerable<HashedPolicyValue> values)
    {
        var first = new List<HashedPolicyValue>();
        foreach (HashedPolicyValue value in values)
        {
            if (!first.Exists(value.IsNear))
            {
                first.Add(value);
            }
        }

        return [.. first];
    }
}
