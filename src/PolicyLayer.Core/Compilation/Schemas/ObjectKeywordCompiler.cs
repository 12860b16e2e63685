using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json;
using PolicyLayer.Regexes;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles the keywords about objects, but for <c>unevaluatedProperties</c>.</summary>
internal static class ObjectKeywordCompiler
{
    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        StringKeywordCompiler.AddSize(schema, rules, SchemaKinds.Object, "minProperties", "member");
        StringKeywordCompiler.AddSize(schema, rules, SchemaKinds.Object, "maxProperties", "member");
        CompileMembers(schema, rules);
        CompileDependentRequired(schema, rules);
        foreach ((_, string name, SchemaNode dependent) in schema.FindNamedSchemas("dependentSchemas"))
        {
            rules.Add(SchemaKinds.Object, new DependentSchemaKeyword(name, dependent));
        }

        CompileDependencies(schema, rules);
    }

    private static void CompileMembers(SchemaObject schema, SchemaRules rules)
    {
        var declared = new Dictionary<string, DeclaredMember>();
        foreach ((_, string name, SchemaNode member) in schema.FindNamedSchemas("properties"))
        {
            declared.TryAdd(name, new DeclaredMember(name, member, null));
        }

        if (schema.Find("required") is { } required)
        {
            foreach (string name in schema.ReadNames(required, "required"))
            {
                SchemaExpectation missing = schema.Expect("required", MustHave(name));
                declared[name] = new DeclaredMember(name, declared.GetValueOrDefault(name)?.Schema, missing);
            }
        }

        SchemaNode? additional = schema.FindSchema("additionalProperties");
        SchemaNode? names = schema.FindSchema("propertyNames");
        if (CompilePatterns(schema) is not { } patterns)
        {
            return;
        }

        if (declared.Count > 0 || patterns.Count > 0 || additional is not null || names is not null)
        {
            rules.Add(SchemaKinds.Object, new MembersKeyword([.. declared.Values], [.. patterns], additional, names));
        }

        SchemaContradictions.ReportForbiddenNames(schema, patterns);
    }

    /// <summary>Null when one is refused: then there is no policy.</summary>
    private static List<PatternMember>? CompilePatterns(SchemaObject schema)
    {
        var patterns = new List<PatternMember>();
        bool areAccepted = true;
        foreach ((SyntaxNode name, _, SchemaNode member) in schema.FindNamedSchemas("patternProperties"))
        {
            if (StringKeywordCompiler.CompilePattern(name, schema.Compiler) is { } pattern)
            {
                patterns.Add(new PatternMember(pattern, member));
            }
            else
            {
                areAccepted = false;
            }
        }

        return areAccepted ? patterns : null;
    }

    private static void CompileDependentRequired(SchemaObject schema, SchemaRules rules)
    {
        foreach (SyntaxMember member in schema.FindObject("dependentRequired")?.Members ?? default)
        {
            AddDependentRequired(schema, "dependentRequired", member, rules);
        }
    }

    private static void CompileDependencies(SchemaObject schema, SchemaRules rules)
    {
        foreach (SyntaxMember member in schema.FindObject("dependencies")?.Members ?? default)
        {
            if (member.Value.Kind == JsonKind.Array)
            {
                AddDependentRequired(schema, "dependencies", member, rules);
                continue;
            }

            string name = member.Name.GetString();
            SchemaNode dependent = schema.Compiler.CompileSchema(member.Value, schema.Place.Member("dependencies").Member(name));
            rules.Add(SchemaKinds.Object, new DependentSchemaKeyword(name, dependent));
        }
    }

    private static void AddDependentRequired(SchemaObject schema, string keyword, SyntaxMember member, SchemaRules rules)
    {
        string name = member.Name.GetString();
        Place owner = schema.Place.Member(keyword);
        List<string> required = schema.ReadNames(member.Value, keyword);
        rules.Add(SchemaKinds.Object, new DependentRequiredKeyword(
            name, [.. required.Select(other => (other, new SchemaExpectation(owner, name, MustHave(other))))]));
    }

    private static string MustHave(string name) => $"must have {Quoted.Of(name)}";
}
