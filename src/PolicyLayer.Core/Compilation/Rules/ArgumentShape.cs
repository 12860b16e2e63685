using System.Globalization;
using System.Text;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Rules;

/// <summary>
/// What the schema of an entry's arguments says for certain of the value that a path leads to, as it is written. Keywords that it doesn't
/// follow could only say more, so that it knows too little at worst.
/// </summary>
internal sealed class ArgumentShape
{
    private const long ChecksPerLook = 4;

    /// <summary>A look at a name reads so many bytes of it beside.</summary>
    private const int BytesPerLook = 16;

    /// <summary>What may evaluate a member beside <c>properties</c>, by the schema's plain word or as other members decide.</summary>
    private static readonly string[] Evaluating =
        ["patternProperties", "additionalProperties", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"];

    private readonly SyntaxNode _schema;
    private readonly CompilationContext _context;
    private readonly bool _isDraft07;

    // Once there is no time left for more looks, nothing is certain.
    private bool _isSpent;

    public ArgumentShape(SyntaxNode schema, CompilationContext context)
    {
        _schema = schema;
        _context = context;
        _isDraft07 = Find(schema, "$schema") is { } edition && SchemaDialects.Of(edition) == SchemaDialect.Draft07;
    }

    /// <summary>The kinds that a value of valid arguments may have there; none where no value can be.</summary>
    public SchemaKinds KindsAt(ReadOnlySpan<PathStep> steps)
    {
        List<SyntaxNode> met = WithParts([_schema]);
        foreach (PathStep step in steps)
        {
            SchemaKinds needed = step.Name is null ? SchemaKinds.Array : SchemaKinds.Object;
            if ((KindsOf(met) & needed) == SchemaKinds.None)
            {
                return _isSpent ? SchemaKinds.All : SchemaKinds.None;
            }

            var next = new List<SyntaxNode>();
            string? name = step.Name is { } member ? Encoding.UTF8.GetString(member.Utf8) : null;
            foreach (SyntaxNode schema in met)
            {
                if ((name is not null ? MemberOf(schema, name) : ElementOf(schema, step)) is { } child)
                {
                    next.Add(child);
                }
            }

            met = WithParts(next);
        }

        SchemaKinds kinds = KindsOf(met);
        return _isSpent ? SchemaKinds.All : kinds;
    }

    /// <summary>The schemas, and those that a value must meet with them: what <c>$ref</c> and <c>allOf</c> lead to.</summary>
    private List<SyntaxNode> WithParts(List<SyntaxNode> schemas)
    {
        var met = new List<SyntaxNode>();
        var seen = new HashSet<int>();
        var open = new Queue<SyntaxNode>(schemas);
        while (open.TryDequeue(out SyntaxNode schema))
        {
            if (!seen.Add(schema.Index))
            {
                continue;
            }

            SyntaxNode? reference = Find(schema, "$ref");
            if (reference is { Kind: JsonKind.String } text && Target(text) is { } target)
            {
                open.Enqueue(target);
            }

            // In draft-07 the neighbours of a reference have no effect.
            if (reference is null || !_isDraft07)
            {
                met.Add(schema);
                foreach (SyntaxNode part in Find(schema, "allOf")?.Elements ?? default)
                {
                    open.Enqueue(part);
                }
            }
        }

        return met;
    }

    private SchemaKinds KindsOf(List<SyntaxNode> schemas)
    {
        SchemaKinds kinds = SchemaKinds.All;
        foreach (SyntaxNode schema in schemas)
        {
            kinds &= schema.Kind == JsonKind.False ? SchemaKinds.None : DeclaredKinds(schema);
        }

        return kinds;
    }

    private SchemaKinds DeclaredKinds(SyntaxNode schema)
    {
        if (Find(schema, "type") is not { } type)
        {
            return SchemaKinds.All;
        }

        SchemaKinds kinds = type.Kind == JsonKind.String ? KindOf(type) : SchemaKinds.None;
        foreach (SyntaxNode element in type.Elements)
        {
            kinds |= KindOf(element);
        }

        return Find(schema, "nullable") is { Kind: JsonKind.True } ? kinds | SchemaKinds.Null : kinds;
    }

    /// <summary>What is no name of a kind has been reported, and may stand for any.</summary>
    private static SchemaKinds KindOf(SyntaxNode type) =>
        SchemaKindSets.OfType(type.Kind == JsonKind.String ? type.GetString() : null) is not SchemaKinds.None and var kinds
            ? kinds
            : SchemaKinds.All;

    /// <summary>What the member of a name must meet, as far as one schema says; null where that is nothing, or not certain.</summary>
    private SyntaxNode? MemberOf(SyntaxNode schema, string name)
    {
        if (Find(schema, "properties") is { } properties && Find(properties, name) is { } declared)
        {
            return declared;
        }

        return Find(schema, "patternProperties") is null
            ? Find(schema, "additionalProperties") ?? UnevaluatedMemberOf(schema, name)
            : null;
    }

    /// <summary>What <c>unevaluatedProperties</c> asks of a member that none of the schemas it looks at can speak of.</summary>
    private SyntaxNode? UnevaluatedMemberOf(SyntaxNode schema, string name)
    {
        if (Find(schema, "unevaluatedProperties") is not { } others)
        {
            return null;
        }

        foreach (SyntaxNode part in WithParts([schema]))
        {
            bool isPlain = Array.TrueForAll(Evaluating, keyword => Find(part, keyword) is null)
                && (Find(part, "$ref") is not { } reference
                    || (reference.Kind == JsonKind.String && Target(reference) is not null))
                && (part.Index == schema.Index || Find(part, "unevaluatedProperties") is null)
                && !(Find(part, "properties") is { } properties && Find(properties, name) is not null);
            if (!isPlain)
            {
                return null;
            }
        }

        return others;
    }

    private SyntaxNode? ElementOf(SyntaxNode schema, PathStep step)
    {
        SyntaxNode? items = Find(schema, "items");
        bool isList = items is { Kind: JsonKind.Array };
        if ((isList ? items : Find(schema, "prefixItems")) is not { } first)
        {
            return items;
        }

        // What every element must meet isn't certain where the first ones have schemas of their own.
        if (step.IsAllElements)
        {
            return null;
        }

        SyntaxNode? others = isList ? Find(schema, "additionalItems") : items;
        return ElementAt(first, step.Index) ?? others;
    }

    /// <summary>What a reference within the schema leads to; null where that isn't plain.</summary>
    private SyntaxNode? Target(SyntaxNode text)
    {
        // Each reading of it costs its length.
        Spend(text.Raw.Length);
        string reference = _isSpent ? "" : text.GetString();
        if (!reference.StartsWith('#') || reference.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        SyntaxNode? target = reference.Length == 1 || reference[1] == '/' ? _schema : null;
        foreach (string step in reference.Split('/').Skip(1))
        {
            if (target is not { } owner || JsonPointer.Unescape(step) is not { } name)
            {
                return null;
            }

            target = owner.Kind == JsonKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? ElementAt(owner, index)
                : Find(owner, name);
        }

        return target;
    }

    private SyntaxNode? ElementAt(SyntaxNode array, int index)
    {
        int position = 0;
        foreach (SyntaxNode element in array.Elements)
        {
            if (position++ == index)
            {
                Spend(position);
                return element;
            }
        }

        Spend(position);
        return null;
    }

    /// <summary>A member's value; null when it isn't there, or when the value is no object.</summary>
    private SyntaxNode? Find(SyntaxNode node, string name)
    {
        if (_isSpent)
        {
            return null;
        }

        SyntaxNode? found = null;
        bool isAscii = Ascii.IsValid(name);
        int looks = 1 + (name.Length / BytesPerLook);
        foreach (SyntaxMember member in node.Members)
        {
            looks += isAscii ? 1 : 1 + (member.Name.Raw.Length / BytesPerLook);
            if (isAscii ? member.Name.Match([name]) is not null : member.Name.GetString() == name)
            {
                found = member.Value;
            }
        }

        Spend(looks);
        return found;
    }

    private void Spend(int looks) => _isSpent |= !_context.TrySpend(ChecksPerLook * looks);
}
