using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles <c>type</c>, <c>enum</c> and <c>const</c>.</summary>
internal static class ValueKeywordCompiler
{
    private const int NamedValues = 8;

    private static readonly string[] Types = ["null", "boolean", "number", "integer", "string", "array", "object"];

    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        CompileType(schema, rules);
        CompileEnum(schema, rules);
        CompileConst(schema, rules);
    }

    /// <summary>The kinds that <c>type</c> names, null where <c>nullable</c> adds it; all kinds without a <c>type</c>.</summary>
    public static SchemaKinds ReadTypes(SchemaObject schema, List<string>? names = null, SchemaCompiler? findings = null)
    {
        if (schema.Find("type") is not { } value)
        {
            return SchemaKinds.All;
        }

        var kinds = SchemaKinds.None;
        var seen = names ?? [];
        foreach (SyntaxNode element in Elements(value))
        {
            string? name = element.Kind == JsonKind.String ? element.Match(Types) : null;
            kinds |= SchemaKindSets.OfType(name);
            if (name is null)
            {
                findings?.Report(
                    DiagnosticDescriptors.InvalidKeywordValue,
                    element,
                    $"{element.Quote()} is not a type.",
                    () => SuggestType(element) ?? $"use one of `{string.Join("`, `", Types)}`");
            }
            else if (seen.Contains(name))
            {
                findings?.InvalidValue(element, $"{element.Quote()} stands here twice.", "remove one");
            }
            else
            {
                seen.Add(name);
            }
        }

        if (value.Kind == JsonKind.Array && kinds == SchemaKinds.None)
        {
            findings?.InvalidValue(value, "`type` must name at least one type.");
        }

        if (IsNullable(schema) && (kinds & SchemaKinds.Null) == 0)
        {
            kinds |= SchemaKinds.Null;
            seen.Add("null");
        }

        return kinds;
    }

    /// <summary>What the value of <c>type</c> lets through, in words; null for nothing.</summary>
    public static string? DescribeTypes(SyntaxNode type)
    {
        var names = new List<string>();
        foreach (SyntaxNode element in Elements(type))
        {
            if (element.Kind == JsonKind.String && element.Match(Types) is { } name && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names.Count == 0 ? null : Describe(names);
    }

    private static bool IsNullable(SchemaObject schema) => schema.Find("nullable") is { Kind: JsonKind.True };

    private static string? SuggestType(SyntaxNode written) =>
        written.Kind == JsonKind.String ? SyntaxReader.Suggest(written.GetString(), Types) : null;

    private static void CompileType(SchemaObject schema, SchemaRules rules)
    {
        bool isNullable = schema.FindFlag("nullable");
        if (!schema.Has("type"))
        {
            if (isNullable)
            {
                ReportNullableAlone(schema);
            }

            return;
        }

        var names = new List<string>();
        rules.Types = ReadTypes(schema, names, schema.Compiler);
        SchemaExpectation expectation = schema.Expect("type", "must be " + Describe(names));
        rules.WrongType = new NeverKeyword(expectation);
        if (names.Contains("integer") && !names.Contains("number"))
        {
            rules.Add(SchemaKinds.Number, new IntegerKeyword(expectation));
        }
    }

    private static void ReportNullableAlone(SchemaObject schema) =>
        schema.Compiler.Report(
            DiagnosticDescriptors.KeywordWithoutEffect,
            schema.Members["nullable"].Name,
            "`nullable` has no effect without `type` beside it.",
            "remove it, or use `anyOf` with `{ \"type\": \"null\" }`");

    private static void CompileEnum(SchemaObject schema, SchemaRules rules)
    {
        if (schema.Find("enum") is not { } values)
        {
            return;
        }

        if (values.Kind != JsonKind.Array)
        {
            schema.Compiler.InvalidValue(values, "`enum` must be an array.");
            return;
        }

        var names = new List<string>();
        foreach (SyntaxNode element in values.Elements)
        {
            names.Add(names.Count < NamedValues ? Quoted.Of(Text(element)) : "…");
            if (names.Count > NamedValues)
            {
                break;
            }
        }

        SchemaExpectation expectation = schema.Expect("enum", "must be one of " + string.Join(", ", names));
        rules.Add(SchemaKinds.All, new EnumKeyword(expectation, values.Value, isList: true));
    }

    private static void CompileConst(SchemaObject schema, SchemaRules rules)
    {
        if (schema.Find("const") is { } value)
        {
            SchemaExpectation expectation = schema.Expect("const", "must be " + Quoted.Of(Text(value)));
            rules.Add(SchemaKinds.All, new EnumKeyword(expectation, value.Value, isList: false));
        }
    }

    private static IEnumerable<SyntaxNode> Elements(SyntaxNode value)
    {
        if (value.Kind != JsonKind.Array)
        {
            yield return value;
        }

        foreach (SyntaxNode element in value.Elements)
        {
            yield return element;
        }
    }

    private static string Text(SyntaxNode value) => System.Text.Encoding.UTF8.GetString(value.RawValue);

    private static string Describe(List<string> types) => string.Join(" or ", types.Select(Describe));

    private static string Describe(string type) => type switch
    {
        "null" => "null",
        "integer" => "a whole number",
        "array" or "object" => "an " + type,
        _ => "a " + type,
    };
}
