using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles the keywords that combine subschemas, and those that judge what all others left over.</summary>
internal static class ApplicatorCompiler
{
    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        if (schema.FindSchemas("allOf") is { } all)
        {
            rules.Add(SchemaKinds.All, new AllOfKeyword(all));
        }

        if (schema.FindSchemas("anyOf") is { } any)
        {
            rules.Add(SchemaKinds.All, new AnyOfKeyword(Expect(schema, "anyOf", "one"), any));
        }

        if (schema.FindSchemas("oneOf") is { } one)
        {
            rules.Add(SchemaKinds.All, new OneOfKeyword(
                Expect(schema, "oneOf", "exactly one"), Expect(schema, "oneOf", "exactly one", tellsValues: false), one));
        }

        if (schema.FindSchema("not") is { } not)
        {
            rules.Add(SchemaKinds.All, new NotKeyword(schema.Expect("not", "must not meet what is excluded"), not));
        }

        CompileConditional(schema, rules);
    }

    /// <summary>Comes after all others, <c>$ref</c> included.</summary>
    public static void CompileUnevaluated(SchemaObject schema, SchemaRules rules)
    {
        if (schema.FindSchema("unevaluatedItems") is { } items)
        {
            rules.Add(SchemaKinds.Array, new UnevaluatedItemsKeyword(items));
            rules.AskForMarks |= SchemaKinds.Array;
        }

        if (schema.FindSchema("unevaluatedProperties") is { } properties)
        {
            SchemaNode judged = schema.Find("unevaluatedProperties") is { Kind: JsonKind.False }
                ? SchemaRules.Never(new UnevaluatedExpectation(schema.Place.Member("unevaluatedProperties"), rules.Keywords))
                : properties;
            rules.Add(SchemaKinds.Object, new UnevaluatedPropertiesKeyword(judged));
            rules.AskForMarks |= SchemaKinds.Object;
        }
    }

    private static SchemaExpectation Expect(SchemaObject schema, string keyword, string howMany, bool tellsValues = true) => schema.Expect(
        keyword, $"must meet {howMany} of the alternatives{AlternativeWords.Of(schema.Find(keyword)!.Value, tellsValues)}");

    private static void CompileConditional(SchemaObject schema, SchemaRules rules)
    {
        SchemaNode? condition = schema.FindSchema("if");
        SchemaNode? then = schema.FindSchema("then");
        SchemaNode? otherwise = schema.FindSchema("else");
        if (condition is not null)
        {
            rules.Add(SchemaKinds.All, new ConditionalKeyword(schema.Place, condition, then, otherwise));
            return;
        }

        foreach (string keyword in (ReadOnlySpan<string>)["then", "else"])
        {
            if (schema.Has(keyword))
            {
                SchemaContradictions.ReportWithoutEffect(schema, keyword, "`if`");
            }
        }
    }
}
