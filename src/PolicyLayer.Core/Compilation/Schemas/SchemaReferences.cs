using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>The schemas of one document by their places, and the references that wait for all of them to be known.</summary>
internal sealed class SchemaReferences(SchemaCompiler compiler, SyntaxNode root)
{
    /// <summary>No base is longer: resolving a reference against it takes time for each.</summary>
    private const int MaxBaseLength = 2_048;

    /// <summary>By the tokens that they begin with.</summary>
    private readonly Dictionary<int, SchemaNode> _schemas = [];
    private readonly Dictionary<string, SyntaxNode> _anchors = [];
    private readonly Dictionary<RefKeyword, SyntaxNode> _references = [];
    private readonly PointerIndex _pointers = new(root);
    private string[]? _targets;

    /// <summary>The root's <c>$id</c>, without a fragment.</summary>
    public string? BaseUri { get; set; }

    public IEnumerable<SchemaNode> Schemas => _schemas.Values;

    public void AddSchema(SyntaxNode node, SchemaNode schema) => _schemas[node.Index] = schema;

    public bool TryAddAnchor(string anchor, SyntaxNode schema) => _anchors.TryAdd(anchor, schema);

    /// <summary>Where a reference stands.</summary>
    public SyntaxNode PlaceOf(RefKeyword keyword) => _references[keyword];

    /// <summary>A schema's <c>$ref</c>; null when there is none.</summary>
    public RefKeyword? Compile(SchemaObject schema)
    {
        if (schema.Find("$ref") is not { } value)
        {
            return null;
        }

        if (value.Kind != JsonKind.String)
        {
            compiler.InvalidValue(value, "`$ref` must be a string.");
            return null;
        }

        var keyword = new RefKeyword();
        _references.Add(keyword, value);
        if (schema.Dialect == SchemaDialect.Draft07)
        {
            WarnOfNeighbours(schema);
        }

        return keyword;
    }

    /// <summary>Leads every reference to its schema.</summary>
    public void Resolve()
    {
        foreach ((RefKeyword keyword, SyntaxNode value) in _references)
        {
            string reference = value.GetString();
            int hash = reference.IndexOf('#', StringComparison.Ordinal);
            string document = hash < 0 ? reference : reference[..hash];
            if (!IsThisDocument(document))
            {
                compiler.Report(
                    DiagnosticDescriptors.RemoteReference,
                    value,
                    $"{Quoted.Of(reference)} leads out of this schema.",
                    "copy the schema into `$defs` and refer to it with `#/$defs/…`");
            }
            else if (Find(hash < 0 ? "" : reference[(hash + 1)..]) is { } target)
            {
                keyword.Target = target;
            }
            else
            {
                compiler.Report(
                    DiagnosticDescriptors.UnresolvableReference,
                    value,
                    $"{Quoted.Of(reference)} leads to no schema.",
                    () => SuggestFor(reference));
            }
        }
    }

    private bool IsThisDocument(string document)
    {
        if (document.Length == 0 || document == BaseUri)
        {
            return true;
        }

        return BaseUri is { Length: <= MaxBaseLength }
            && Uri.TryCreate(BaseUri, UriKind.Absolute, out Uri? self)
            && Uri.TryCreate(self, document, out Uri? absolute)
            && absolute.AbsoluteUri == self.AbsoluteUri;
    }

    private SchemaNode? Find(string fragment)
    {
        if (PercentEncoding.Decode(fragment) is not { } decoded)
        {
            return null;
        }

        bool isPointer = decoded.Length == 0 || decoded[0] == '/';
        SyntaxNode? target = isPointer ? _pointers.Find(decoded) : FindAnchor(decoded);
        return target is { } node ? _schemas.GetValueOrDefault(node.Index) : null;
    }

    private SyntaxNode? FindAnchor(string anchor) => _anchors.TryGetValue(anchor, out SyntaxNode schema) ? schema : null;

    private string? SuggestFor(string reference) => Spelling.Suggest(reference, _targets ??= [.. FindTargets().Take(Spelling.MaxWords)]);

    /// <summary>What a reference may have meant: anchors and definitions, without those whose names are too long to be near it.</summary>
    private IEnumerable<string> FindTargets()
    {
        foreach (string anchor in _anchors.Keys)
        {
            yield return "#" + anchor;
        }

        foreach (SyntaxMember member in root.Members)
        {
            if (member.Name.Match(["$defs", "definitions"]) is not { } keyword)
            {
                continue;
            }

            foreach (SyntaxMember definition in member.Value.Members)
            {
                // An escape takes six bytes for a unit, and nothing takes more.
                if (definition.Name.Raw.Length <= Spelling.MaxWordLength * 6)
                {
                    yield return $"#/{keyword}/{JsonPointer.Escape(definition.Name.GetString())}";
                }
            }
        }
    }

    private static void WarnOfNeighbours(SchemaObject schema)
    {
        foreach ((string keyword, SyntaxMember member) in schema.Members)
        {
            if (SchemaVocabulary.Judges(keyword))
            {
                schema.Compiler.Report(
                    DiagnosticDescriptors.KeywordWithoutEffect,
                    member.Name,
                    $"{Quoted.Of(keyword)} beside `$ref` has no effect in draft-07.",
                    "put both into `allOf`");
            }
        }
    }
}
