using System.Runtime.CompilerServices;

namespace PolicyLayer.Json.Values;

/// <summary>
/// Deep equality: members in any order by decoded name, strings by code points, numbers in two readings or exactly. Linear in the
/// first text, however large the second. The scratch is a tape of the call's own, never one that threads share.
/// </summary>
internal static class JsonEquality
{
    private const int FewMembers = 16;

    /// <summary>In two readings: true or false where both agree, a definite difference winning over an unjudgeable number.</summary>
    public static Judgement Judge(JsonValue a, JsonValue b, JsonTape scratch) => Compare(a, b, scratch.Names, isExact: false);

    /// <summary>Exactly, as JSON Schema compares.</summary>
    public static bool AreEqual(JsonValue a, JsonValue b, JsonTape scratch) =>
        Compare(a, b, scratch.Names, isExact: true) == Judgement.True;

    private static Judgement Compare(JsonValue a, JsonValue b, JsonNameTable names, bool isExact)
    {
        if (a.Kind != b.Kind)
        {
            return Judgement.False;
        }

        switch (a.Kind)
        {
            case JsonKind.Number:
                var left = a.Number;
                var right = b.Number;
                return isExact
                    ? Judgements.Of(JsonNumber.Compare(left, right) == 0)
                    : JsonNumberComparison.Judge(NumericOperator.Equal, left, right);
            case JsonKind.String:
                return Judgements.Of(a.String.Equals(b.String));
            case JsonKind.Array:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return CompareArrays(a, b, names, isExact);
            case JsonKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return CompareObjects(a, b, names, isExact);
            default:
                return Judgements.Of(a.Kind != JsonKind.None);
        }
    }

    // Counts only as far as the answer needs: many small values are compared with one large one in no more than their own time.
    private static bool HasChildren(JsonValue value, int count) => value.CountChildren(limit: count + 1) == count;

    private static Judgement CompareArrays(JsonValue a, JsonValue b, JsonNameTable names, bool isExact)
    {
        if (!HasChildren(b, a.CountChildren()))
        {
            return Judgement.False;
        }

        Judgement result = Judgement.True;
        JsonValue.ElementEnumerator others = b.EnumerateElements();
        foreach (JsonValue element in a.EnumerateElements())
        {
            others.MoveNext();
            result = result.And(Compare(element, others.Current, names, isExact));
            if (result == Judgement.False)
            {
                break;
            }
        }

        return result;
    }

    private static Judgement CompareObjects(JsonValue a, JsonValue b, JsonNameTable names, bool isExact)
    {
        int members = a.CountChildren();
        if (!HasChildren(b, members))
        {
            return Judgement.False;
        }

        return members <= FewMembers
            ? CompareSmallObjects(a, b, names, isExact)
            : CompareLargeObjects(a, b, members, names, isExact);
    }

    private static Judgement CompareSmallObjects(JsonValue a, JsonValue b, JsonNameTable names, bool isExact)
    {
        Judgement result = Judgement.True;
        foreach (JsonValue.Property property in a.EnumerateProperties())
        {
            result = b.TryGetProperty(property.Name, out JsonValue other)
                ? result.And(Compare(property.Value, other, names, isExact))
                : Judgement.False;
            if (result == Judgement.False)
            {
                break;
            }
        }

        return result;
    }

    private static Judgement CompareLargeObjects(JsonValue a, JsonValue b, int members, JsonNameTable names, bool isExact)
    {
        JsonNameTable.Frame frame = names.Push(members);
        foreach (JsonValue.Property property in b.EnumerateProperties())
        {
            names.TryAdd(frame, b.Text, b.Tape.Tokens, property.Value.Index - 1);
        }

        Judgement result = Judgement.True;
        foreach (JsonValue.Property property in a.EnumerateProperties())
        {
            int name = names.Find(frame, b.Text, b.Tape.Tokens, property.Name);
            result = name == 0
                ? Judgement.False
                : result.And(Compare(property.Value, new JsonValue(b.Text, b.Tape, name + 1), names, isExact));
            if (result == Judgement.False)
            {
                break;
            }
        }

        names.Pop(frame);
        return result;
    }
}
