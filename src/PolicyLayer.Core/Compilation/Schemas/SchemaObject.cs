using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>One schema that is an object, with its keywords by name, as the compilers of keyword families read it.</summary>
internal sealed class SchemaObject(SchemaCompiler compiler, SyntaxNode node, Place place)
{
    private readonly Dictionary<string, SyntaxMember> _members = [];

    public SchemaCompiler Compiler => compiler;

    public SyntaxNode Node => node;

    public Place Place => place;

    public SchemaDialect Dialect => compiler.Dialect;

    public IReadOnlyDictionary<string, SyntaxMember> Members => _members;

    public void Add(string keyword, SyntaxMember member) => _members.TryAdd(keyword, member);

    public bool Has(string keyword) => _members.ContainsKey(keyword);

    public SyntaxNode? Find(string keyword) => _members.TryGetValue(keyword, out SyntaxMember member) ? member.Value : null;

    public SchemaExpectation Expect(string keyword, string text) => new(place, keyword, text);

    /// <summary>The compiled subschema under a keyword; null when there is none.</summary>
    public SchemaNode? FindSchema(string keyword) =>
        Find(keyword) is { } value ? compiler.CompileSchema(value, place.Member(keyword)) : null;

    /// <summary>The compiled subschemas of a keyword's non-empty array; null when there is none.</summary>
    public SchemaNode[]? FindSchemas(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        Place list = place.Member(keyword);
        var schemas = new List<SchemaNode>();
        foreach (SyntaxNode element in value.Elements)
        {
            schemas.Add(compiler.CompileSchema(element, list.Element(schemas.Count)));
        }

        if (schemas.Count == 0)
        {
            compiler.InvalidValue(value, $"`{keyword}` must be an array of at least one schema.");
        }

        return [.. schemas];
    }

    /// <summary>The names and compiled subschemas of a keyword's object.</summary>
    public IEnumerable<(SyntaxNode Name, string Text, SchemaNode Schema)> FindNamedSchemas(string keyword)
    {
        Place owner = place.Member(keyword);
        foreach (SyntaxMember member in FindObject(keyword)?.Members ?? default)
        {
            string name = member.Name.GetString();
            yield return (member.Name, name, compiler.CompileSchema(member.Value, owner.Member(name)));
        }
    }

    /// <summary>A keyword's value that must be an object; null when there is none.</summary>
    public SyntaxNode? FindObject(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        if (value.Kind == JsonKind.Object)
        {
            return value;
        }

        compiler.InvalidValue(value, $"`{keyword}` must be an object.");
        return null;
    }

    /// <summary>A keyword's number as written; null when there is none.</summary>
    public byte[]? FindNumber(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        if (value.Kind == JsonKind.Number)
        {
            return value.Raw.ToArray();
        }

        compiler.InvalidValue(value, $"`{keyword}` must be a number.", HelpForFlag(value, keyword));
        return null;
    }

    /// <summary>
    /// A keyword's whole number of 0 or more, in any notation; null when there is none. Nothing has more parts than int holds.
    /// </summary>
    public int? FindSize(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        if (value.Kind == JsonKind.Number)
        {
            var number = new JsonNumber(value.Raw);
            if (number.IsInteger && number.Sign >= 0)
            {
                return number.TryGetMillionths(out long millionths) && millionths / CounterDemand.Unit is < int.MaxValue and var size
                    ? (int)size
                    : int.MaxValue;
            }
        }

        compiler.InvalidValue(value, $"`{keyword}` must be a whole number of 0 or more.");
        return null;
    }

    /// <summary>A keyword's boolean; false when there is none.</summary>
    public bool FindFlag(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return false;
        }

        if (!value.Kind.IsBoolean())
        {
            compiler.InvalidValue(value, $"`{keyword}` must be `true` or `false`.");
        }

        return value.Kind == JsonKind.True;
    }

    /// <summary>The distinct strings of an array, which may be empty.</summary>
    public List<string> ReadNames(SyntaxNode value, string keyword)
    {
        var names = new List<string>();
        if (value.Kind != JsonKind.Array)
        {
            compiler.InvalidValue(value, $"`{keyword}` must be an array of names.", HelpForFlag(value, keyword));
            return names;
        }

        var seen = new HashSet<string>();
        foreach (SyntaxNode element in value.Elements)
        {
            if (element.Kind != JsonKind.String)
            {
                compiler.InvalidValue(element, $"`{keyword}` must be an array of names.");
            }
            else if (seen.Add(element.GetString()))
            {
                names.Add(element.GetString());
            }
            else
            {
                compiler.InvalidValue(element, $"{element.Quote()} stands here twice.", "remove one");
            }
        }

        return names;
    }

    private static string? HelpForFlag(SyntaxNode value, string keyword) =>
        value.Kind.IsBoolean() ? SchemaVocabulary.SuccessorOfFlag(keyword) : null;
}
