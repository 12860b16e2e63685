using System.Text;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles <c>minimum</c>, <c>maximum</c>, their exclusive forms and <c>multipleOf</c>.</summary>
internal static class NumberKeywordCompiler
{
    private static readonly (string Keyword, NumericOperator Comparison, string Words)[] Bounds =
    [
        ("minimum", NumericOperator.GreaterOrEqual, "must be at least"),
        ("maximum", NumericOperator.LessOrEqual, "must be at most"),
        ("exclusiveMinimum", NumericOperator.Greater, "must be greater than"),
        ("exclusiveMaximum", NumericOperator.Less, "must be less than"),
    ];

    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        foreach ((string keyword, NumericOperator comparison, string words) in Bounds)
        {
            if (schema.FindNumber(keyword) is { } limit)
            {
                rules.Add(SchemaKinds.Number, new BoundKeyword(Expect(schema, keyword, words, limit), comparison, limit));
            }
        }

        if (schema.FindNumber("multipleOf") is { } divisor)
        {
            if (new JsonNumber(divisor).Sign <= 0)
            {
                schema.Compiler.InvalidValue(schema.Find("multipleOf")!.Value, "`multipleOf` must be greater than 0.");
                return;
            }

            rules.Add(SchemaKinds.Number, new MultipleOfKeyword(Expect(schema, "multipleOf", "must be a multiple of", divisor), divisor));
        }
    }

    private static SchemaExpectation Expect(SchemaObject schema, string keyword, string words, byte[] number) =>
        schema.Expect(keyword, $"{words} {Quoted.Of(Encoding.UTF8.GetString(number))}");
}
