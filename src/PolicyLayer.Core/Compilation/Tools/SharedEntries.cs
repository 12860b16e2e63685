using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Tools;

/// <summary>
/// Entries that stand in a document before, to compile those that are word for word alike once. Only so many are remembered that a
/// document without any pays next to nothing: of those whose hashes agree in their last bits, the latest.
/// </summary>
internal sealed class SharedEntries
{
    private const int Remembered = 64;

    private readonly (SyntaxNode Source, ToolEntry? Entry)[] _latest = new (SyntaxNode, ToolEntry?)[Remembered];

    /// <summary>What was remembered of an entry that is written as this one is, or null; and where to remember this one.</summary>
    public ToolEntry? Find(SyntaxNode node, out int place)
    {
        ReadOnlySpan<byte> text = node.Raw;
        place = (int)(KeyedHasher.OfBytes(text) % Remembered);
        (SyntaxNode source, ToolEntry? entry) = _latest[place];
        return entry is not null && source.Raw.SequenceEqual(text) ? entry : null;
    }

    /// <summary>Remembers an entry that means the same under any key and has no findings, as those are told at each place.</summary>
    public void Remember(int place, SyntaxNode node, ToolEntry entry) => _latest[place] = (node, entry);
}
