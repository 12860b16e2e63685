using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles <c>dependentRequired</c>, <c>dependentSchemas</c>, and draft-07's <c>dependencies</c>, which is both.</summary>
internal static class DependentKeywordCompiler
{
    public static DependentKeyword[] Compile(SchemaObject schema, DeclaredMembers declared)
    {
        var keywords = new List<DependentKeyword>();
        foreach (SyntaxMember member in schema.FindObject("dependentRequired")?.Members ?? default)
        {
            keywords.Add(CompileRequired(schema, "dependentRequired", DeclaringKeywords.DependentRequired, member, declared));
        }

        foreach ((_, string name, SchemaNode dependent) in schema.FindNamedSchemas("dependentSchemas"))
        {
            declared.Add(name, DeclaringKeywords.DependentSchemas);
            keywords.Add(new DependentSchemaKeyword(DeclaringKeywords.DependentSchemas, name, dependent));
        }

        foreach (SyntaxMember member in schema.FindObject("dependencies")?.Members ?? default)
        {
            keywords.Add(member.Value.Kind == JsonKind.Array
                ? CompileRequired(schema, "dependencies", DeclaringKeywords.Dependencies, member, declared)
                : CompileSchema(schema, member, declared));
        }

        return [.. keywords];
    }

    private static DependentRequiredKeyword CompileRequired(
        SchemaObject schema, string keyword, DeclaringKeywords declaring, SyntaxMember member, DeclaredMembers declared)
    {
        string name = member.Name.GetString();
        Place owner = schema.Place.Member(keyword);
        List<string> required = schema.ReadNames(member.Value, keyword);
        declared.Add(name, declaring);
        foreach (string other in required)
        {
            declared.Add(other, declaring);
        }

        return new DependentRequiredKeyword(
            declaring,
            name,
            [.. required.Select(other => (other, new SchemaExpectation(owner, name, ObjectKeywordCompiler.MustHave(other))))]);
    }

    private static DependentSchemaKeyword CompileSchema(SchemaObject schema, SyntaxMember member, DeclaredMembers declared)
    {
        string name = member.Name.GetString();
        SchemaNode dependent = schema.Compiler.CompileSchema(member.Value, schema.Place.Member("dependencies").Member(name));
        declared.Add(name, DeclaringKeywords.Dependencies);
        return new DependentSchemaKeyword(DeclaringKeywords.Dependencies, name, dependent);
    }
}
