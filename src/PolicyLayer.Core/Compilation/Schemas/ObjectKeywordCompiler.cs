using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles the keywords about objects, but for <c>unevaluatedProperties</c>.</summary>
internal static class ObjectKeywordCompiler
{
    private const string LookAroundHelp =
        "use `propertyNames` with `\"allOf\": [{ \"pattern\": \"…\" }, { \"not\": { \"pattern\": \"…\" } }]`";

    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        StringKeywordCompiler.AddSize(schema, rules, SchemaKinds.Object, "minProperties", "member");
        StringKeywordCompiler.AddSize(schema, rules, SchemaKinds.Object, "maxProperties", "member");
        CompileMembers(schema, rules);
    }

    private static void CompileMembers(SchemaObject schema, SchemaRules rules)
    {
        var declared = new DeclaredMembers();
        var given = new List<string>();
        foreach ((SyntaxNode written, string name, SchemaNode member) in schema.FindNamedSchemas("properties"))
        {
            declared.Add(name, DeclaringKeywords.Properties, schema: member);
            if (!IsNever(written))
            {
                given.Add(name);
            }
        }

        if (schema.Find("required") is { } required)
        {
            foreach (string name in schema.ReadNames(required, "required"))
            {
                declared.Add(name, DeclaringKeywords.Required, missing: schema.Expect("required", MustHave(name)));
            }
        }

        DependentKeyword[] dependents = DependentKeywordCompiler.Compile(schema, declared);
        SchemaNode? additional = schema.FindSchema("additionalProperties");
        SchemaNode? names = schema.FindSchema("propertyNames");
        if (CompilePatterns(schema) is not { } patterns)
        {
            return;
        }

        if (schema.Find("additionalProperties") is { Kind: JsonKind.False })
        {
            // The same schema, but one that tells which names may be given.
            additional = SchemaRules.Never(new ClosedObjectExpectation(
                schema.Place.Member("additionalProperties"), [.. given], [.. patterns.Select(pattern => pattern.Source)]));
        }

        if (declared.Count > 0 || patterns.Count > 0 || additional is not null || names is not null)
        {
            rules.Add(SchemaKinds.Object, new MembersKeyword(
                schema.Place, declared.ToArray(), [.. patterns], additional, names, dependents));
        }

        SchemaContradictions.ReportForbiddenNames(schema, patterns);
    }

    /// <summary>Whether a member's schema, which follows its name, is <c>false</c>.</summary>
    private static bool IsNever(SyntaxNode name) => new SyntaxNode(name.Tree, name.Index + 1).Kind == JsonKind.False;

    /// <summary>Null when one is refused: then there is no policy.</summary>
    private static List<PatternMember>? CompilePatterns(SchemaObject schema)
    {
        var patterns = new List<PatternMember>();
        bool areAccepted = true;
        foreach ((SyntaxNode name, string text, SchemaNode member) in schema.FindNamedSchemas("patternProperties"))
        {
            if (RegexCompiler.Compile(name, DiagnosticDescriptors.InvalidSchemaPattern, schema.Compiler.Context, LookAroundHelp)
                is { } pattern)
            {
                patterns.Add(new PatternMember(pattern, text, member));
            }
            else
            {
                areAccepted = false;
            }
        }

        return areAccepted ? patterns : null;
    }

    public static string MustHave(string name) => $"must have {Quoted.Of(name)}";
}
