using System.Runtime.CompilerServices;
using PolicyLayer.Calls;

namespace PolicyLayer.Json.Values;

/// <summary>
/// Deep equality: members in any order by decoded name, strings by code points, numbers in two readings or exactly. Linear in the
/// first text, however large the second but for the names of a large object.
/// </summary>
internal readonly struct JsonEquality
{
    private const int FewMembers = 16;

    private readonly JsonNameTable _names;
    private readonly WorkBudget _work;
    private readonly bool _isExact;

    private JsonEquality(JsonTape scratch, WorkBudget work, bool isExact)
    {
        _names = scratch.Names;
        _work = work;
        _isExact = isExact;
    }

    /// <summary>
    /// In two readings: true or false where both agree, a definite difference winning over an unjudgeable number; unjudgeable, too, when
    /// it takes too much work.
    /// </summary>
    /// <param name="a">A value.</param>
    /// <param name="b">Another value.</param>
    /// <param name="scratch">A tape of the call's own, never one that threads share.</param>
    /// <param name="work">What it may cost.</param>
    public static Judgement Judge(JsonValue a, JsonValue b, JsonTape scratch, WorkBudget work) =>
        new JsonEquality(scratch, work, isExact: false).Compare(a, b);

    /// <summary>Exactly, as JSON Schema compares; false, too, when it takes too much work.</summary>
    /// <inheritdoc cref="Judge"/>
    public static bool AreEqual(JsonValue a, JsonValue b, JsonTape scratch, WorkBudget work) =>
        new JsonEquality(scratch, work, isExact: true).Compare(a, b) == Judgement.True;

    private Judgement Compare(JsonValue a, JsonValue b)
    {
        if (a.Kind != b.Kind)
        {
            _work.Left -= StepCosts.Comparison;
            return Judgement.False;
        }

        switch (a.Kind)
        {
            case JsonKind.Number:
                return CompareNumbers(a, b);
            case JsonKind.String:
                return _work.TrySpend(StepCosts.Comparison + a.String.CostOfEquals(b.String))
                    ? Judgements.Of(a.String.Equals(b.String))
                    : Judgement.Unjudgeable;
            case JsonKind.Array:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return CompareArrays(a, b);
            case JsonKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return CompareObjects(a, b);
            default:
                _work.Left -= StepCosts.Comparison;
                return Judgements.Of(a.Kind != JsonKind.None);
        }
    }

    private Judgement CompareNumbers(JsonValue a, JsonValue b)
    {
        if (!_work.TrySpend(StepCosts.Comparison + (2 * StepCosts.Number) + (long)a.Raw.Length + b.Raw.Length))
        {
            return Judgement.Unjudgeable;
        }

        return _isExact
            ? Judgements.Of(JsonNumber.Compare(a.Number, b.Number) == 0)
            : JsonNumberComparison.Judge(NumericOperator.Equal, a.Number, b.Number, _work);
    }

    // Counts only as far as the answer needs: many small values are compared with one large one in no more than their own time.
    private bool HaveAsManyChildren(JsonValue a, JsonValue b, out int count)
    {
        count = a.CountChildren();
        return _work.TrySpend(StepCosts.Comparison + StepCosts.Structure + (2L * StepCosts.Child * count))
            && b.CountChildren(limit: count + 1) == count;
    }

    private Judgement CompareArrays(JsonValue a, JsonValue b)
    {
        if (!HaveAsManyChildren(a, b, out _))
        {
            return Judgement.False;
        }

        Judgement result = Judgement.True;
        JsonValue.ElementEnumerator others = b.EnumerateElements();
        foreach (JsonValue element in a.EnumerateElements())
        {
            others.MoveNext();
            result = result.And(Compare(element, others.Current));
            if (result == Judgement.False || _work.IsSpent)
            {
                break;
            }
        }

        return result;
    }

    private Judgement CompareObjects(JsonValue a, JsonValue b)
    {
        if (!HaveAsManyChildren(a, b, out int members))
        {
            return Judgement.False;
        }

        return members <= FewMembers ? CompareSmallObjects(a, b) : CompareLargeObjects(a, b, members);
    }

    private Judgement CompareSmallObjects(JsonValue a, JsonValue b)
    {
        Judgement result = Judgement.True;
        foreach (JsonValue.Property property in a.EnumerateProperties())
        {
            result = b.TryGetProperty(property.Name, _work, out JsonValue other)
                ? result.And(Compare(property.Value, other))
                : Judgement.False;
            if (result == Judgement.False || _work.IsSpent)
            {
                break;
            }
        }

        return result;
    }

    private Judgement CompareLargeObjects(JsonValue a, JsonValue b, int members)
    {
        JsonNameTable.Frame frame = _names.Push(members);
        foreach (JsonValue.Property property in b.EnumerateProperties())
        {
            if (!_work.TrySpend(StepCosts.Hash + property.Name.Raw.Length))
            {
                break;
            }

            _names.TryAdd(frame, b.Text, b.Tape.Tokens, property.Value.Index - 1);
        }

        Judgement result = Judgement.True;
        foreach (JsonValue.Property property in a.EnumerateProperties())
        {
            if (!_work.TrySpend(StepCosts.Hash + property.Name.Raw.Length))
            {
                break;
            }

            int name = _names.Find(frame, b.Text, b.Tape.Tokens, property.Name);
            result = name == 0
                ? Judgement.False
                : result.And(Compare(property.Value, new JsonValue(b.Text, b.Tape, name + 1)));
            if (result == Judgement.False || _work.IsSpent)
            {
                break;
            }
        }

        _names.Pop(frame);
        return _work.IsSpent ? Judgement.Unjudgeable : result;
    }
}
