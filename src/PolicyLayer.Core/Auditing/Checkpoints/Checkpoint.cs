using System.Globalization;
using System.Text;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>
/// What the first lines of a log are: how many, and the root of the Merkle tree over them. The body of a C2SP tlog-checkpoint.
/// </summary>
/// <param name="Origin">What the log is called.</param>
/// <param name="Size">How many lines, at least one.</param>
/// <param name="Root">The tree's root.</param>
/// <param name="Head">The hash in the last of them, from a line behind the root that others pass over; null where there is none.</param>
/// <param name="Tree">
/// The tree, from a line behind the root that others pass over. INVARIANT: it has that root, so that it says nothing which isn't signed;
/// null where there is no such line.
/// </param>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root, string? Head, MerkleFrontier? Tree)
{
    private const string HeadWord = "head ";
    private const string FrontierWord = "frontier ";

    public static Checkpoint Of(string origin, MerkleFrontier tree, string head) =>
        new(origin, tree.Size, tree.Root(), head, tree.Copy());

    /// <summary>Reads the body of a note; null when it is none.</summary>
    public static Checkpoint? Parse(ReadOnlySpan<byte> text)
    {
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        if (lines.Length < 4
            || lines[^1].Length > 0
            || !AuditOrigin.IsValid(lines[0])
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            || size < 1
            || lines[1][0] == '0'
            || ReadHash(lines[2]) is not { } root)
        {
            return null;
        }

        MerkleFrontier? tree = null;
        if (Extension(lines, FrontierWord) is { } frontier)
        {
            tree = ReadTree(size, frontier);
            if (tree?.Root().AsSpan().SequenceEqual(root) != true)
            {
                return null;
            }
        }

        return new Checkpoint(lines[0], size, root, Extension(lines, HeadWord), tree);
    }

    /// <summary>The body as bytes, which are signed.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");
        if (Head is not null)
        {
            text.Append(HeadWord).Append(Head).Append('\n');
        }

        if (Tree is not null)
        {
            text.Append(FrontierWord).AppendJoin(' ', Tree.Nodes.Select(Convert.ToBase64String)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string? Extension(string[] lines, string word) =>
        Array.Find(lines, line => line.StartsWith(word, StringComparison.Ordinal))?[word.Length..];

    private static MerkleFrontier? ReadTree(long size, string text)
    {
        byte[]?[] nodes = [.. text.Split(' ').Select(ReadHash)];
        return nodes.Contains(null) ? null : MerkleFrontier.Restore(size, nodes!);
    }

    private static byte[]? ReadHash(string text)
    {
        var hash = new byte[MerkleHash.Length];
        return Convert.TryFromBase64String(text, hash, out int length) && length == hash.Length && Convert.ToBase64String(hash) == text
            ? hash
            : null;
    }
}
