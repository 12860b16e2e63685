using System.Numerics;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>A subtree of a Merkle tree, by the lines that it has: from the first, counted from 0, up to and without the last.</summary>
internal readonly record struct MerkleRange(long Start, long End)
{
    private long Length => End - Start;

    private long Middle => Start + (long)(BitOperations.RoundUpToPowerOf2((ulong)Length) / 2);

    /// <summary>The subtrees whose hashes prove that a line is in a tree, from the line up to the root (RFC 6962, section 2.1.1).</summary>
    public static List<MerkleRange> ThatInclude(long index, long size)
    {
        var ranges = new List<MerkleRange>();
        var tree = new MerkleRange(0, size);
        while (tree.Length > 1)
        {
            (MerkleRange left, MerkleRange right) = tree.Split();
            bool isLeft = index < right.Start;
            ranges.Add(isLeft ? right : left);
            tree = isLeft ? left : right;
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>
    /// The subtrees whose hashes prove that a tree goes on with an older one (RFC 6962, section 2.1.2), from the lowest up to the root.
    /// </summary>
    public static List<MerkleRange> ThatContinue(long oldSize, long size)
    {
        var ranges = new List<MerkleRange>();
        var tree = new MerkleRange(0, size);
        while (tree.End != oldSize)
        {
            (MerkleRange left, MerkleRange right) = tree.Split();
            bool isLeft = oldSize <= right.Start;
            ranges.Add(isLeft ? right : left);
            tree = isLeft ? left : right;
        }

        // What begins with the first line is the old tree itself, whose root the reader has.
        if (tree.Start > 0)
        {
            ranges.Add(tree);
        }

        ranges.Reverse();
        return ranges;
    }

    private (MerkleRange Left, MerkleRange Right) Split() => (this with { End = Middle }, this with { Start = Middle });
}
