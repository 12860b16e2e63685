using System.Text;
using PolicyLayer.Documents;

namespace PolicyLayer.Tests.Documents;

public sealed class ObjectReaderTests
{
    private static readonly string[] Known = ["first", "second", "third"];

    [Fact]
    public void A_member_is_found_wherever_it_stands()
    {
        SyntaxNode node = Read("""{ "second": [ { "first": 1 } ], "first": "x" }""", out SyntaxReader syntax);

        Assert.True(ObjectReader.TryRead(node, Known, syntax, out ObjectReader reader));

        Assert.Equal("x", reader.ReadText("first"));
        Assert.Equal("an array", reader.Find("second")!.Value.Quote());
        Assert.Null(reader.Find("third"));
        Assert.Equal(0, syntax.Findings.Reported);
    }

    [Fact]
    public void A_name_is_the_same_in_escapes()
    {
        SyntaxNode node = Read("""{ "\u0066irst": "x" }""", out SyntaxReader syntax);

        ObjectReader.TryRead(node, Known, syntax, out ObjectReader reader);

        Assert.Equal("x", reader.ReadText("first"));
        Assert.Equal(0, syntax.Findings.Reported);
    }

    [Fact]
    public void What_stands_twice_is_given_at_each_place_and_the_last_one_counts()
    {
        SyntaxNode node = Read("""{ "first": 1, "second": 2, "first": 3, "third": 4, "first": 5 }""", out SyntaxReader syntax);

        ObjectReader.TryRead(node, Known, syntax, out ObjectReader reader);

        var values = new List<string>();
        foreach ((SyntaxNode name, SyntaxNode value) in reader.Each("first"))
        {
            values.Add(name.GetString() + value.Quote());
        }

        Assert.Equal(["first`1`", "first`3`", "first`5`"], values);
        Assert.Equal("`5`", reader.Find("first")!.Value.Quote());
        Assert.Equal("`2`", reader.Find("second")!.Value.Quote());
    }

    [Fact]
    public void What_is_unknown_or_missing_is_reported_at_the_member_or_the_object()
    {
        SyntaxNode node = Read("""{ "frist": 1, "third": 2 }""", out SyntaxReader syntax);

        ObjectReader.TryRead(node, Known, syntax, out ObjectReader reader);

        Assert.NotNull(reader.Require("third"));
        Assert.Null(reader.Require("second", "add it"));
        Assert.Equal(
            [
                "PL1102 error policy:1:1: `second` is missing. Help: add it.",
                "PL1101 error policy:1:3 /frist: `frist` is not a member of this object. Help: did you mean `first`?",
            ],
            syntax.Findings.ToList(node.Tree.Text, node.Tree).Select(finding => finding.ToString()));
    }

    [Fact]
    public void What_is_no_object_has_no_members()
    {
        SyntaxNode node = Read("""[ "first", 1 ]""", out SyntaxReader syntax);

        Assert.False(ObjectReader.TryRead(node, Known, syntax, out ObjectReader reader));

        Assert.Null(reader.Find("first"));
        Assert.Equal("Expected an object, found an array.", Assert.Single(syntax.Findings.ToList(node.Tree.Text, node.Tree)).Message);
    }

    [Fact]
    public void Reading_an_object_allocates_nothing()
    {
        SyntaxNode node = Read("""{ "first": 1, "second": 2 }""", out SyntaxReader syntax);
        Find(node, syntax);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Find(node, syntax);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool Find(SyntaxNode node, SyntaxReader syntax) =>
        ObjectReader.TryRead(node, Known, syntax, out ObjectReader reader)
        && reader.Find("first") is not null
        && reader.Require("second") is not null
        && reader.FindMember("third") is null;

    private static SyntaxNode Read(string json, out SyntaxReader syntax)
    {
        var findings = new DiagnosticBag();
        syntax = new SyntaxReader(findings);
        return DocumentReader.Read(Encoding.UTF8.GetBytes(json), 64, findings)!.Root;
    }
}
