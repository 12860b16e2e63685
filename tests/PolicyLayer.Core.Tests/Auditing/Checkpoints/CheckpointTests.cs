using System.Text;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Tests.Auditing.Checkpoints;

/// <summary>A checkpoint is read as it is written, and in no other form.</summary>
public sealed class CheckpointTests
{
    private static readonly Checkpoint Three = Make();

    [Fact]
    public void A_checkpoint_is_read_as_it_was_written()
    {
        Checkpoint read = Checkpoint.Parse(Three.ToBytes())!;

        Assert.Equal((Three.Origin, Three.Size, Three.Head), (read.Origin, read.Size, read.Head));
        Assert.Equal(Three.Root, read.Root);
        Assert.Equal(Three.Tree!.Nodes, read.Tree!.Nodes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_frontier_that_gives_another_root_is_none(int changed)
    {
        string text = Encoding.UTF8.GetString(Three.ToBytes());
        string node = Convert.ToBase64String(Three.Tree!.Nodes[changed]);
        string other = text.Replace(node, Convert.ToBase64String(Three.Root), StringComparison.Ordinal);

        Assert.Null(Checkpoint.Parse(Encoding.UTF8.GetBytes(other)));
    }

    [Theory]
    [InlineData("\u2014 o AQIDBAU=", true)]
    [InlineData("\u2014 o AQIDBAV=", false)]
    [InlineData("\u2014 o AQID BAU=", false)]
    [InlineData("\u2014 o AQID\tBAU=", false)]
    [InlineData("\u2014 o AQIDBA==", false)]
    [InlineData("- o AQIDBAU=", false)]
    public void A_signature_has_one_form(string line, bool isOne) =>
        Assert.Equal(isOne, NoteSignature.Parse(Encoding.UTF8.GetBytes(line)) is not null);

    private static Checkpoint Make()
    {
        var tree = new MerkleFrontier();
        for (byte i = 0; i < 3; i++)
        {
            tree.Add(MerkleHash.OfLine([i]));
        }

        return Checkpoint.Of("o", tree, new string('a', 64));
    }
}
