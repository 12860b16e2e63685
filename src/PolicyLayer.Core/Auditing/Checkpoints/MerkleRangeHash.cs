namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>Takes the lines of a log as they come, and has in the end the hash of one subtree.</summary>
internal sealed class MerkleRangeHash
{
    private readonly MerkleRange _range;
    private readonly MerkleFrontier? _tree;

    /// <param name="range">The subtree.</param>
    /// <param name="before">The tree of the lines that won't come, as their files are gone; of none, where the log is whole.</param>
    public MerkleRangeHash(MerkleRange range, MerkleFrontier before)
    {
        _range = range;
        long known = Math.Min(range.End, before.Size);
        _tree = known <= range.Start ? new MerkleFrontier() : MerkleFrontier.Restore(known - range.Start, NodesWithin(range, before));
    }

    /// <summary>Whether the lines that won't come are known well enough.</summary>
    public bool IsKnown => _tree is not null;

    /// <summary>The hash, once all lines have come.</summary>
    public byte[] Root => _tree!.Root();

    public void Take(long index, byte[] line)
    {
        if (index >= _range.Start && index < _range.End)
        {
            _tree!.Add(line);
        }
    }

    // A subtree begins where one at least as large can: what a tree's edge has of it is the edge of its own lines.
    private static IEnumerable<byte[]> NodesWithin(MerkleRange range, MerkleFrontier tree)
    {
        long start = 0;
        int next = 0;
        for (int bit = 62; bit >= 0; bit--)
        {
            long length = 1L << bit;
            if ((tree.Size & length) == 0)
            {
                continue;
            }

            if (start >= range.Start && start + length <= range.End)
            {
                yield return tree.Nodes[next];
            }

            start += length;
            next++;
        }
    }
}
