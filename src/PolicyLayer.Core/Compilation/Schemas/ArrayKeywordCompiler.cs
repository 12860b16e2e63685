using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles the keywords about arrays, but for <c>unevaluatedItems</c>.</summary>
internal static class ArrayKeywordCompiler
{
    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        StringKeywordCompiler.AddSize(schema, rules, SchemaKinds.Array, "minItems", "element");
        StringKeywordCompiler.AddSize(schema, rules, SchemaKinds.Array, "maxItems", "element");
        CompileItems(schema, rules);
        CompileContains(schema, rules);
        if (schema.FindFlag("uniqueItems"))
        {
            rules.Add(SchemaKinds.Array, new UniqueItemsKeyword(schema.Expect("uniqueItems", "must not have equal elements")));
        }
    }

    private static void CompileItems(SchemaObject schema, SchemaRules rules)
    {
        SchemaNode[] prefix = schema.FindSchemas("prefixItems") ?? [];
        if (schema.Find("items") is { Kind: JsonKind.Array } items)
        {
            AddItems(prefix, null, rules);
            if (schema.Dialect == SchemaDialect.Draft07)
            {
                AddItems(schema.FindSchemas("items")!, schema.FindSchema("additionalItems"), rules);
            }
            else
            {
                schema.Compiler.InvalidValue(items, "`items` must be one schema.", "use `prefixItems` for a list of schemas");
            }

            return;
        }

        AddItems(prefix, schema.FindSchema("items"), rules);
        if (schema.FindSchema("additionalItems") is not null)
        {
            SchemaContradictions.ReportWithoutEffect(schema, "additionalItems", "an array of `items`");
        }
    }

    private static void AddItems(SchemaNode[] prefix, SchemaNode? rest, SchemaRules rules)
    {
        if (prefix.Length > 0 || rest is not null)
        {
            rules.Add(SchemaKinds.Array, new ItemsKeyword(prefix, rest));
        }
    }

    private static void CompileContains(SchemaObject schema, SchemaRules rules)
    {
        int? min = schema.FindSize("minContains");
        int? max = schema.FindSize("maxContains");
        if (schema.FindSchema("contains") is not { } contained)
        {
            return;
        }

        string few = StringKeywordCompiler.DescribeSize(min ?? 1, isMaximum: false, "matching element");
        string many = StringKeywordCompiler.DescribeSize(max ?? 0, isMaximum: true, "matching element");
        rules.Add(SchemaKinds.Array, new ContainsKeyword(
            contained,
            min ?? 1,
            max ?? int.MaxValue,
            min == 0 ? null : schema.Expect(min is null ? "contains" : "minContains", few),
            max is null ? null : schema.Expect("maxContains", many)));
    }
}
