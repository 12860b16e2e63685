using System.Runtime.InteropServices;
using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>
/// Compiles equal schemas of a document once. A compiled schema tells places from its own root, so that tools may share it; one with
/// findings is compiled at each of its places, to be told at each.
/// </summary>
internal sealed class SharedSchemas
{
    private readonly Dictionary<ulong, List<(SyntaxNode Source, SchemaNode Compiled)>> _byHash = [];

    /// <summary>The compiled schema; null, and reported, if it is none that is supported.</summary>
    public SchemaNode? Compile(SyntaxNode schema, CompilationContext context)
    {
        ulong hash = HashOf(schema);
        ref List<(SyntaxNode Source, SchemaNode Compiled)>? known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, hash, out _);
        foreach ((SyntaxNode source, SchemaNode compiled) in known ?? [])
        {
            if (AreEqual(source, schema))
            {
                return compiled;
            }
        }

        int findings = context.Findings.Reported;
        SchemaNode? own = SchemaCompiler.Compile(schema, context);
        if (own is not null && context.Findings.Reported == findings)
        {
            (known ??= []).Add((schema, own));
        }

        return own;
    }

    /// <summary>
    /// Equal when written alike but for white space: what fails first, and what is said of it, hangs on more than meaning.
    /// </summary>
    private static bool AreEqual(SyntaxNode a, SyntaxNode b)
    {
        if (a.End - a.Index != b.End - b.Index)
        {
            return false;
        }

        for (int i = 0; i < a.End - a.Index; i++)
        {
            var left = new SyntaxNode(a.Tree, a.Index + i);
            var right = new SyntaxNode(b.Tree, b.Index + i);
            bool isContainer = left.Kind is JsonKind.Object or JsonKind.Array;
            if (left.Kind != right.Kind
                || left.End - left.Index != right.End - right.Index
                || !(isContainer || left.Raw.SequenceEqual(right.Raw)))
            {
                return false;
            }
        }

        return true;
    }

    private static ulong HashOf(SyntaxNode schema)
    {
        var hasher = default(KeyedHasher);
        for (int i = schema.Index; i < schema.End; i++)
        {
            var node = new SyntaxNode(schema.Tree, i);
            hasher.AddWord((ulong)node.Kind);
            if (node.Kind is not (JsonKind.Object or JsonKind.Array))
            {
                hasher.AddLong(KeyedHasher.OfBytes(node.Raw));
            }
        }

        return hasher.Finish();
    }
}
