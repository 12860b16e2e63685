using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>Roots and proofs are those of RFC 6962, taken in one reading, also where of the first lines only the tree is known.</summary>
public sealed class MerkleTreeTests
{
    private const int Most = 70;

    private static readonly byte[][] Lines = [.. Enumerable.Range(0, Most).Select(i => new[] { (byte)i, (byte)7 })];

    [Fact]
    public void The_tree_of_certificate_transparencys_tests_has_its_roots()
    {
        string[] inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        var tree = new MerkleFrontier();
        foreach (string input in inputs)
        {
            tree.Add(MerkleHash.OfLine(Convert.FromHexString(input)));
            if (tree.Size == 1)
            {
                Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", Convert.ToHexStringLower(tree.Root()));
            }
        }

        Assert.Equal("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328", Convert.ToHexStringLower(tree.Root()));
    }

    [Fact]
    public void Roots_are_those_of_the_definition()
    {
        var tree = new MerkleFrontier();
        for (int size = 1; size <= Most; size++)
        {
            tree.Add(MerkleHash.OfLine(Lines[size - 1]));
            Assert.Equal(NaiveMerkle.Root(Lines[..size]), tree.Root());
            Assert.Equal(tree.Root(), MerkleFrontier.Restore(size, tree.Nodes)!.Root());
            Assert.Null(MerkleFrontier.Restore(size, tree.Nodes.Append(tree.Root())));
        }
    }

    [Fact]
    public void Proofs_are_those_of_the_definition()
    {
        for (int size = 1; size <= Most; size++)
        {
            for (int i = 0; i < size; i++)
            {
                Assert.Equal(NaiveMerkle.Path(i, Lines[..size]), Hashes(MerkleRange.ThatInclude(i, size), size, known: 0));
                Assert.Equal(NaiveMerkle.Proof(i + 1, Lines[..size]), Hashes(MerkleRange.ThatContinue(i + 1, size), size, known: 0));
            }
        }
    }

    [Fact]
    public void Of_lines_behind_those_that_are_gone_all_can_be_proved()
    {
        for (int size = 1; size <= Most; size++)
        {
            for (int known = 1; known < size; known++)
            {
                for (int i = known; i < size; i++)
                {
                    Assert.Equal(NaiveMerkle.Path(i, Lines[..size]), Hashes(MerkleRange.ThatInclude(i, size), size, known));
                    Assert.Equal(NaiveMerkle.Proof(i, Lines[..size]), Hashes(MerkleRange.ThatContinue(i, size), size, known));
                }
            }
        }
    }

    [Fact]
    public void Of_lines_that_are_gone_nothing_is_made_up()
    {
        for (int known = 2; known < 40; known++)
        {
            for (int i = 0; i < known; i++)
            {
                List<MerkleRange> ranges = MerkleRange.ThatInclude(i, 40);
                if (ranges.TrueForAll(range => new MerkleRangeHash(range, TreeOf(known)).IsKnown))
                {
                    Assert.Equal(NaiveMerkle.Path(i, Lines[..40]), Hashes(ranges, 40, known));
                }
            }
        }
    }

    private static MerkleFrontier TreeOf(int size)
    {
        var tree = new MerkleFrontier();
        foreach (byte[] line in Lines[..size])
        {
            tree.Add(MerkleHash.OfLine(line));
        }

        return tree;
    }

    private static List<byte[]> Hashes(List<MerkleRange> ranges, int size, int known)
    {
        MerkleFrontier before = TreeOf(known);
        List<MerkleRangeHash> hashes = ranges.ConvertAll(range => new MerkleRangeHash(range, before));
        Assert.All(hashes, hash => Assert.True(hash.IsKnown));
        for (int i = known; i < size; i++)
        {
            byte[] line = MerkleHash.OfLine(Lines[i]);
            hashes.ForEach(hash => hash.Take(i, line));
        }

        return hashes.ConvertAll(hash => hash.Root);
    }
}
