using System.Buffers.Binary;
using System.Numerics;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;

namespace PolicyLayer.Compilation.Tools;

/// <summary>
/// The latest entries of a document, to compile those that are word for word alike once. Only so many are remembered that a document
/// without any pays next to nothing; one that is driven out is compiled again.
/// </summary>
internal sealed class SharedEntries
{
    private const int Remembered = 64;

    private readonly (SyntaxNode Source, ToolEntry? Entry)[] _latest = new (SyntaxNode, ToolEntry?)[Remembered];

    /// <summary>What was remembered of an entry that is written as this one is, or null; and where to remember this one.</summary>
    public ToolEntry? Find(SyntaxNode node, out int place)
    {
        ReadOnlySpan<byte> text = node.Raw;
        place = (int)(Checksum(text) % Remembered);
        (SyntaxNode source, ToolEntry? entry) = _latest[place];
        return entry is not null && source.Raw.SequenceEqual(text) ? entry : null;
    }

    /// <summary>Remembers an entry that means the same under any key and has no findings, as those are told at each place.</summary>
    public void Remember(int place, SyntaxNode node, ToolEntry entry) => _latest[place] = (node, entry);

    // Not keyed: whoever writes entries that meet has each compiled, no more.
    private static uint Checksum(ReadOnlySpan<byte> text)
    {
        uint sum = 0;
        while (text.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[sizeof(ulong)..];
        }

        foreach (byte rest in text)
        {
            sum = BitOperations.Crc32C(sum, rest);
        }

        return sum;
    }
}
