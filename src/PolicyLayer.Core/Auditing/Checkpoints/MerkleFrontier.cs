using System.Numerics;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>
/// A Merkle tree that lines are added to, of which only the full subtrees along its right edge are kept: a hash for each bit that is set in
/// its size, the largest subtree first. It is all that roots to come, and proofs of lines to come, need of the lines before.
/// </summary>
internal sealed class MerkleFrontier
{
    private readonly List<byte[]> _nodes;

    public MerkleFrontier()
        : this(0, [])
    {
    }

    private MerkleFrontier(long size, List<byte[]> nodes)
    {
        Size = size;
        _nodes = nodes;
    }

    /// <summary>How many lines the tree has.</summary>
    public long Size { get; private set; }

    public IReadOnlyList<byte[]> Nodes => _nodes;

    /// <summary>The tree of that size with those nodes; null when so many nodes are none.</summary>
    public static MerkleFrontier? Restore(long size, IEnumerable<byte[]> nodes)
    {
        List<byte[]> all = [.. nodes];
        return size >= 0 && BitOperations.PopCount((ulong)size) == all.Count ? new MerkleFrontier(size, all) : null;
    }

    public MerkleFrontier Copy() => new(Size, [.. _nodes]);

    /// <summary>Adds the next line's hash.</summary>
    public void Add(byte[] line)
    {
        byte[] node = line;
        for (long size = Size; (size & 1) == 1; size >>= 1)
        {
            node = MerkleHash.OfNode(_nodes[^1], node);
            _nodes.RemoveAt(_nodes.Count - 1);
        }

        _nodes.Add(node);
        Size++;
    }

    /// <summary>The tree's hash; it has a line.</summary>
    public byte[] Root()
    {
        byte[] root = _nodes[^1];
        for (int i = _nodes.Count - 2; i >= 0; i--)
        {
            root = MerkleHash.OfNode(_nodes[i], root);
        }

        return root;
    }
}
