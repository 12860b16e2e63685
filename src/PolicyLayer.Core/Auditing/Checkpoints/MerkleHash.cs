using System.Security.Cryptography;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>The hashes of the Merkle tree over a log's lines (RFC 6962, section 2.1).</summary>
internal static class MerkleHash
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>The hash of a line's bytes, its end not among them.</summary>
    public static byte[] OfLine(ReadOnlySpan<byte> line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(line);
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of the tree whose halves have these.</summary>
    public static byte[] OfNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * Length)];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + Length)..]);
        return SHA256.HashData(node);
    }
}
