using System.Text;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Warns of schemas that are legal and surely not meant: nothing meets them, or a keyword has no effect.</summary>
internal static class SchemaContradictions
{
    private static readonly (string Lower, string Upper, bool IsExclusive)[] Bounds =
    [
        ("minimum", "maximum", false),
        ("exclusiveMinimum", "maximum", true),
        ("minimum", "exclusiveMaximum", true),
        ("exclusiveMinimum", "exclusiveMaximum", true),
        ("minLength", "maxLength", false),
        ("minItems", "maxItems", false),
        ("minProperties", "maxProperties", false),
        ("minContains", "maxContains", false),
        ("minContains", "maxItems", false),
    ];

    public static void Report(SchemaObject schema)
    {
        ReportBounds(schema);
        ReportOnlyEmpty(schema);
        ReportImpossibleValues(schema);
        foreach (string keyword in (ReadOnlySpan<string>)["minContains", "maxContains"])
        {
            if (schema.Has(keyword) && !schema.Has("contains"))
            {
                ReportWithoutEffect(schema, keyword, "`contains`");
            }
        }
    }

    public static void ReportWithoutEffect(SchemaObject schema, string keyword, string missing) =>
        schema.Compiler.Report(
            DiagnosticDescriptors.KeywordWithoutEffect,
            schema.Members[keyword].Name,
            $"`{keyword}` has no effect without {missing}.",
            "remove it");

    /// <summary>Warns of arguments about which a schema says nothing.</summary>
    public static void ReportVacuous(SchemaObject schema)
    {
        if (!schema.Has("$ref") && !schema.Members.Keys.Any(SchemaVocabulary.Judges))
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.VacuousSchema,
                schema.Node,
                "This schema says nothing of the arguments: any are let through.",
                "declare them in `properties`, with `\"additionalProperties\": false`; where any are meant, write `true`");
        }
    }

    /// <summary>
    /// Warns of an object that may have no member, for no name is declared beside <c>additionalProperties</c>. Names that subschemas
    /// declare don't count, and are often meant to.
    /// </summary>
    private static void ReportOnlyEmpty(SchemaObject schema)
    {
        bool admitsOnlyEmpty = schema.Find("additionalProperties") is { Kind: JsonKind.False }
            && !schema.Has("properties")
            && !schema.Has("patternProperties")
            && schema.Find("required") is not { Kind: JsonKind.Array, HasChildren: true }
            && (ValueKeywordCompiler.ReadTypes(schema) & SchemaKinds.Object) != 0
            && !(schema.Dialect == SchemaDialect.Draft07 && schema.Has("$ref"));
        if (admitsOnlyEmpty)
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.OnlyEmptyObject,
                schema.Members["additionalProperties"].Name,
                "No object but `{}` meets this schema: only `properties` beside `additionalProperties` would declare names for it.",
                "declare the names in `properties`; use `unevaluatedProperties` where subschemas declare them; "
                    + "where none is meant, write `\"properties\": {}`");
        }
    }

    private static void ReportBounds(SchemaObject schema)
    {
        foreach ((string lower, string upper, bool isExclusive) in Bounds)
        {
            if (schema.Find(lower) is { Kind: JsonKind.Number } low && schema.Find(upper) is { Kind: JsonKind.Number } high)
            {
                int order = JsonNumber.Compare(new JsonNumber(low.Raw), new JsonNumber(high.Raw));
                if (order > 0 || (order == 0 && isExclusive))
                {
                    Contradiction(schema, lower, $"`{lower}` leaves nothing below `{upper}`.");
                }
            }
        }
    }

    /// <summary>
    /// Warns of names that are required, and forbidden by <c>properties</c> or <c>additionalProperties</c>. Where it would take too long
    /// to try all patterns on all names, not of all.
    /// </summary>
    public static void ReportForbiddenNames(SchemaObject schema, List<PatternMember> patterns)
    {
        if (schema.Find("required") is not { Kind: JsonKind.Array } required)
        {
            return;
        }

        int patternLength = schema.Find("patternProperties")?.Raw.Length ?? 0;
        var properties = new Dictionary<string, JsonKind>();
        foreach (SyntaxMember member in schema.Find("properties")?.Members ?? default)
        {
            properties.TryAdd(member.Name.GetString(), member.Value.Kind);
        }

        bool forbidsOthers = schema.Find("additionalProperties") is { Kind: JsonKind.False };
        bool IsForbidden(string name)
        {
            if (properties.TryGetValue(name, out JsonKind kind))
            {
                return kind == JsonKind.False;
            }

            return forbidsOthers
                && schema.Compiler.Context.TrySpend((name.Length + 1L) * (patternLength + 1))
                && !patterns.Exists(pattern => pattern.Pattern.IsMatch(Encoding.UTF8.GetBytes(name)));
        }

        int count = 0;
        foreach (SyntaxNode name in required.Elements)
        {
            count++;
            if (name.Kind == JsonKind.String && IsForbidden(name.GetString()))
            {
                schema.Compiler.Report(
                    DiagnosticDescriptors.ContradictorySchema,
                    name,
                    $"{name.Quote()} is required here and forbidden by its neighbours: no object meets this schema.");
            }
        }

        if (schema.Find("maxProperties") is { Kind: JsonKind.Number } max
            && JsonNumber.Compare(new JsonNumber(max.Raw), new JsonNumber(Encoding.ASCII.GetBytes($"{count}"))) < 0)
        {
            Contradiction(schema, "maxProperties", $"`maxProperties` is less than the {count} names that are required.");
        }
    }

    private static void ReportImpossibleValues(SchemaObject schema)
    {
        SchemaKinds types = ValueKeywordCompiler.ReadTypes(schema);
        if (schema.Find("const") is { } value && (types & SchemaKindSets.Of(value.Kind)) == 0)
        {
            Contradiction(schema, "const", "`const` is not of the `type` beside it.");
        }

        if (schema.Find("enum") is not { Kind: JsonKind.Array } values)
        {
            return;
        }

        bool isPossible = false;
        foreach (SyntaxNode element in values.Elements)
        {
            isPossible |= (types & SchemaKindSets.Of(element.Kind)) != 0;
        }

        if (!isPossible)
        {
            Contradiction(schema, "enum", "`enum` lists no value of the `type` beside it.");
        }
    }

    private static void Contradiction(SchemaObject schema, string keyword, string message) =>
        schema.Compiler.Report(
            DiagnosticDescriptors.ContradictorySchema, schema.Members[keyword].Name, message,
            "no value meets this schema as it is written");
}
