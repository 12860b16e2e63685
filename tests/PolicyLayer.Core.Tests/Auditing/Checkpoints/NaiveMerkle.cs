using System.Security.Cryptography;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>The Merkle tree as RFC 6962 defines it, and the ways to check proofs that RFC 9162 gives, word by word.</summary>
internal static class NaiveMerkle
{
    public static byte[] Leaf(byte[] line) => SHA256.HashData([0, .. line]);

    public static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    public static byte[] Root(byte[][] lines) => lines.Length switch
    {
        0 => SHA256.HashData([]),
        1 => Leaf(lines[0]),
        _ => Node(Root(lines[..Split(lines.Length)]), Root(lines[Split(lines.Length)..])),
    };

    public static List<byte[]> Path(int index, byte[][] lines)
    {
        if (lines.Length == 1)
        {
            return [];
        }

        int k = Split(lines.Length);
        return index < k ? [.. Path(index, lines[..k]), Root(lines[k..])] : [.. Path(index - k, lines[k..]), Root(lines[..k])];
    }

    public static List<byte[]> Proof(int oldSize, byte[][] lines) => SubProof(oldSize, lines, isWhole: true);

    /// <summary>RFC 9162, 2.1.3.2.</summary>
    public static bool Includes(long index, long size, byte[] leaf, IReadOnlyList<ReadOnlyMemory<byte>> path, byte[] root)
    {
        (long fn, long sn, byte[] r) = (index, size - 1, leaf);
        foreach (ReadOnlyMemory<byte> p in path)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                r = Node(p.ToArray(), r);
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                r = Node(r, p.ToArray());
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && r.SequenceEqual(root);
    }

    /// <summary>RFC 9162, 2.1.4.2.</summary>
    public static bool Continues(long oldSize, long size, byte[] oldRoot, byte[] root, IReadOnlyList<ReadOnlyMemory<byte>> proof)
    {
        if (oldSize == size)
        {
            return proof.Count == 0 && oldRoot.SequenceEqual(root);
        }

        List<byte[]> path = [.. proof.Select(hash => hash.ToArray())];
        if ((oldSize & (oldSize - 1)) == 0)
        {
            path.Insert(0, oldRoot);
        }

        (long fn, long sn) = (oldSize - 1, size - 1);
        while ((fn & 1) == 1)
        {
            (fn, sn) = (fn >> 1, sn >> 1);
        }

        (byte[] fr, byte[] sr) = (path[0], path[0]);
        foreach (byte[] c in path[1..])
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                (fr, sr) = (Node(c, fr), Node(c, sr));
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                sr = Node(sr, c);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && fr.SequenceEqual(oldRoot) && sr.SequenceEqual(root);
    }

    private static List<byte[]> SubProof(int oldSize, byte[][] lines, bool isWhole)
    {
        if (oldSize == lines.Length)
        {
            return isWhole ? [] : [Root(lines)];
        }

        int k = Split(lines.Length);
        return oldSize <= k
            ? [.. SubProof(oldSize, lines[..k], isWhole), Root(lines[k..])]
            : [.. SubProof(oldSize - k, lines[k..], isWhole: false), Root(lines[..k])];
    }

    // The largest power of two smaller than it.
    private static int Split(int count)
    {
        int k = 1;
        while (2 * k < count)
        {
            k *= 2;
        }

        return k;
    }
}
