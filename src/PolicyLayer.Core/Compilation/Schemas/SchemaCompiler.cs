using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles a JSON Schema: first every schema in it, then what refers to them.</summary>
internal sealed class SchemaCompiler
{
    private readonly SyntaxNode _root;
    private bool _hasErrors;

    private SchemaCompiler(SyntaxNode root, CompilationContext context)
    {
        _root = root;
        Context = context;
        References = new SchemaReferences(this, root);
    }

    public CompilationContext Context { get; }

    public SchemaDialect Dialect { get; private set; }

    public SchemaReferences References { get; }

    public bool IsRoot(SyntaxNode node) => node.Index == _root.Index;

    /// <summary>The compiled schema, which tells places from its own root; null, and reported, if it is none that is supported.</summary>
    public static SchemaNode? Compile(SyntaxNode schema, CompilationContext context)
    {
        var compiler = new SchemaCompiler(schema, context);
        compiler.ReadDialect();
        SchemaNode root = compiler.CompileSchema(schema, Place.Root);
        compiler.References.Resolve();
        if (!compiler._hasErrors)
        {
            SchemaRecursion.Check(compiler, schema);
        }

        return compiler._hasErrors ? null : root;
    }

    public SchemaNode CompileSchema(SyntaxNode node, Place place)
    {
        var rules = new SchemaRules();
        switch (node.Kind)
        {
            case JsonKind.True:
                break;
            case JsonKind.False:
                rules.Add(SchemaKinds.All, new NeverKeyword(new SchemaExpectation(place, null, "must not be given")));
                break;
            case JsonKind.Object:
                rules = CompileKeywords(ReadKeywords(node, place));
                break;
            default:
                InvalidValue(node, $"A schema must be an object or a boolean, found {SyntaxReader.Describe(node.Kind)}.");
                break;
        }

        SchemaNode compiled = rules.Build();
        References.AddSchema(node, compiled);
        return compiled;
    }

    public void Report(DiagnosticDescriptor descriptor, SyntaxNode node, string message, string? help = null)
    {
        _hasErrors |= descriptor.Severity == DiagnosticSeverity.Error;
        Context.Findings.Report(descriptor, node, message, help);
    }

    public void Report(DiagnosticDescriptor descriptor, SyntaxNode node, string message, Func<string?> findHelp)
    {
        _hasErrors |= descriptor.Severity == DiagnosticSeverity.Error;
        Context.Findings.Report(descriptor, node, message, findHelp);
    }

    public void InvalidValue(SyntaxNode value, string message, string? help = null) =>
        Report(DiagnosticDescriptors.InvalidKeywordValue, value, message, help);

    private void ReadDialect()
    {
        foreach (SyntaxMember member in _root.Members)
        {
            if (member.Name.Match(["$schema"]) is not null && SchemaDialects.Of(member.Value) is { } dialect)
            {
                Dialect = dialect;
            }
        }
    }

    private SchemaObject ReadKeywords(SyntaxNode node, Place place)
    {
        var schema = new SchemaObject(this, node, place);
        foreach (SyntaxMember member in node.Members)
        {
            string keyword = member.Name.GetString();
            if (SchemaVocabulary.IsKnown(keyword, Dialect))
            {
                schema.Add(keyword, member);
            }
            else if (SchemaVocabulary.IsRefused(keyword))
            {
                Report(
                    DiagnosticDescriptors.RefusedKeyword, member.Name, $"{Quoted.Of(keyword)} is not supported.", "use `$ref` and `$defs`");
            }
            else if (!SchemaVocabulary.IsExtension(keyword))
            {
                Report(
                    DiagnosticDescriptors.UnknownKeyword,
                    member.Name,
                    $"{Quoted.Of(keyword)} is not a keyword of JSON Schema.",
                    () => SchemaVocabulary.SuccessorOf(keyword)
                        ?? Spelling.Suggest(keyword, SchemaVocabulary.Known(Dialect))
                        ?? HelpForUnknown(member.Value));
            }
        }

        return schema;
    }

    private static string HelpForUnknown(SyntaxNode value) => value.Kind == JsonKind.Object
        ? "put the schema of a member into `properties`, or remove it; names of your own begin with `x-`"
        : "remove it; names of your own begin with `x-`";

    private SchemaRules CompileKeywords(SchemaObject schema)
    {
        var rules = new SchemaRules();
        SchemaIdentity.Compile(schema);
        ValueKeywordCompiler.Compile(schema, rules);
        NumberKeywordCompiler.Compile(schema, rules);
        StringKeywordCompiler.Compile(schema, rules);
        ArrayKeywordCompiler.Compile(schema, rules);
        ObjectKeywordCompiler.Compile(schema, rules);
        ApplicatorCompiler.Compile(schema, rules);
        SchemaContradictions.Report(schema);
        if (IsRoot(schema.Node) && !_hasErrors)
        {
            SchemaContradictions.ReportVacuous(schema);
        }

        SchemaKeyword? reference = References.Compile(schema);
        if (reference is not null)
        {
            rules.Add(SchemaKinds.All, reference);
        }

        ApplicatorCompiler.CompileUnevaluated(schema, rules);
        if (reference is null || Dialect != SchemaDialect.Draft07)
        {
            return rules;
        }

        // In draft-07 the neighbours of a reference have no effect; they were compiled for their errors.
        var alone = new SchemaRules();
        alone.Add(SchemaKinds.All, reference);
        return alone;
    }
}
