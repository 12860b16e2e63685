using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>What no value meets: the schema <c>false</c>, or a kind that <c>type</c> doesn't list.</summary>
internal sealed class NeverKeyword(SchemaExpectation expectation) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) => scratch.Fail(expectation);
}

/// <summary><c>type</c> for numbers, where it lists <c>integer</c> alone: a whole number in any notation.</summary>
internal sealed class IntegerKeyword(SchemaExpectation expectation) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        (scratch.SpendNumbers(1, value.Raw.Length) && value.Number.IsInteger) || scratch.Fail(expectation);
}

/// <summary><c>enum</c>, and <c>const</c> as one of a single value.</summary>
internal sealed class EnumKeyword : SchemaKeyword
{
    private const int FewValues = 8;

    private readonly SchemaExpectation _expectation;
    private readonly byte[] _text;
    private readonly JsonTape _tape;
    private readonly int[] _values;
    private readonly Dictionary<ulong, int[]>? _byHash;

    /// <param name="expectation">What fails.</param>
    /// <param name="source">The array of the values, or the single value itself.</param>
    /// <param name="isList">Whether it is the array.</param>
    public EnumKeyword(SchemaExpectation expectation, in JsonValue source, bool isList)
    {
        _expectation = expectation;
        _text = source.Raw.ToArray();
        _tape = source.Tape.Copy(source.Index);
        var values = new List<int>();
        foreach (JsonValue value in isList ? ValueAt(0).EnumerateElements() : default)
        {
            values.Add(value.Index);
        }

        _values = isList ? [.. values] : [0];
        _byHash = _values.Length > FewValues
            ? _values.GroupBy(index => HashOf(ValueAt(index))).ToDictionary(group => group.Key, group => group.ToArray())
            : null;
    }

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        IsListed(value, scratch) || scratch.Fail(_expectation);

    private bool IsListed(JsonValue value, SchemaScratch scratch)
    {
        int[]? candidates = _values;
        if (_byHash is not null && !(scratch.SpendHash(value) && _byHash.TryGetValue(HashOf(value), out candidates)))
        {
            return false;
        }

        foreach (int index in candidates)
        {
            if (AreEqual(value, ValueAt(index), scratch.Work))
            {
                return true;
            }
        }

        return false;
    }

    private JsonValue ValueAt(int index) => new(_text, _tape, index);

    // A member's name is judged as the string that it is.
    private static bool AreEqual(JsonValue value, JsonValue listed, WorkBudget work)
    {
        if (value.Kind is not (JsonKind.String or JsonKind.Name))
        {
            return JsonEquality.AreEqual(value, listed, value.Tape, work);
        }

        return listed.Kind == JsonKind.String
            && work.TrySpend(StepCosts.Comparison + value.String.CostOfEquals(listed.String))
            && listed.String.Equals(value.String);
    }

    private static ulong HashOf(JsonValue value) =>
        value.Kind is JsonKind.String or JsonKind.Name ? JsonHash.Of(value.String) : JsonHash.Of(value);
}
