using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms, exactly. The limit is kept as JSON writes it.</summary>
internal sealed class BoundKeyword(SchemaExpectation expectation, NumericOperator comparison, byte[] limit) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        (scratch.SpendNumbers(2, value.Raw.Length + limit.Length) && Holds(JsonNumber.Compare(value.Number, new JsonNumber(limit))))
            || scratch.Fail(expectation);

    private bool Holds(int order) => comparison switch
    {
        NumericOperator.Less => order < 0,
        NumericOperator.LessOrEqual => order <= 0,
        NumericOperator.Greater => order > 0,
        _ => order >= 0,
    };
}

/// <summary><c>multipleOf</c>, exactly. The divisor is kept as JSON writes it.</summary>
internal sealed class MultipleOfKeyword(SchemaExpectation expectation, byte[] divisor) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        (scratch.SpendDivision(value.Raw.Length, divisor.Length) && value.Number.IsMultipleOf(new JsonNumber(divisor)))
            || scratch.Fail(expectation);
}

/// <summary><c>format</c> for numbers.</summary>
internal sealed class NumberFormatKeyword(SchemaExpectation expectation, NumberFormat format) : SchemaKeyword
{
    // A format compares with two numbers, of which the longest have forty digits.
    private const int LimitBytes = 80;

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        (scratch.SpendNumbers(3, value.Raw.Length + LimitBytes) && Holds(value.Number, scratch)) || scratch.Fail(expectation);

    private bool Holds(in JsonNumber number, SchemaScratch scratch) => scratch.SpendDouble(number) && format(number);
}
