using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyLayer.Documents;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Json;

namespace PolicyLayer.Tests.Documents;

/// <summary>Documents are scanned as calls are; the reader that explains agrees with the scanner on what is refused.</summary>
public sealed class DocumentReaderTests
{
    private const int MaxDepth = 5;

    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 4_000)]
    public void Nothing_is_found_in_just_what_the_scanner_accepts(MutatedDocument document) => Agree(document.Utf8);

    [Property(Arbitrary = [typeof(LenientDocument)], MaxTest = 2_000)]
    public void Nothing_is_found_in_just_what_the_scanner_accepts_of_lenient_documents(LenientDocument document) => Agree(document.Lenient);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[[[[[]]]]]")]
    [InlineData("[[[[[[]]]]]]")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("[{\"a\":1,\"a\":1}]")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[,]")]
    [InlineData("// only\n")]
    [InlineData("[]/**/")]
    [InlineData("{\"a\"/**/:1}")]
    [InlineData("[1/**/,/**/]")]
    [InlineData("\uFEFF[]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[1] 2")]
    public void The_scanner_and_the_explainer_agree_on(string document) => Agree(Encoding.UTF8.GetBytes(document));

    [Property(Arbitrary = [typeof(LenientDocument)], MaxTest = 2_000)]
    public void Comments_and_commas_are_found_and_leave_the_tree_as_it_is_without_them(LenientDocument document)
    {
        var findings = new DiagnosticBag();
        using SyntaxTree tree = DocumentReader.Read(document.Lenient, 64, findings)!;
        var sound = new JsonTape();
        Assert.Equal(JsonFault.None, JsonScanner.ScanWithDuplicates(document.Sound, 64, sound));

        string[] ids = [.. findings.ToList(document.Lenient, tree).Select(finding => finding.Id)];
        if (ids.Length == findings.Reported)
        {
            Assert.Equal(document.Comments, ids.Count(id => id == DiagnosticDescriptors.Comment.Id));
            Assert.Equal(document.Commas, ids.Count(id => id == DiagnosticDescriptors.TrailingComma.Id));
        }

        Assert.Equal(Describe(document.Sound, sound.Tokens), Describe(document.Lenient, tree.Tokens));
    }

    [Fact]
    public void A_tree_that_is_disposed_of_cannot_be_read()
    {
        SyntaxTree tree = DocumentReader.Read("[1]"u8.ToArray(), 64, new DiagnosticBag())!;
        tree.Dispose();
        tree.Dispose();

        Assert.ThrowsAny<Exception>(() => tree.Root.Kind);
        Assert.ThrowsAny<Exception>(() => tree.Tape[1].Kind);
        Assert.True(tree.Text.IsEmpty);
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("[]", 1)]
    [InlineData("[[],{\"a\":[1,[]]},[]]", 4)]
    [InlineData("{\"a\":{},\"b\":[[1]]}", 3)]
    public void A_tree_knows_how_deep_it_nests(string document, int depth)
    {
        using SyntaxTree tree = DocumentReader.Read(Encoding.UTF8.GetBytes(document), 64, new DiagnosticBag())!;

        Assert.Equal(depth, tree.FindDepth());
    }

    private static void Agree(byte[] document)
    {
        bool isAccepted = JsonScanner.ScanValue(document, MaxDepth, new JsonTape()) == JsonFault.None;
        var found = new DiagnosticBag();
        var duplicates = new JsonTape();
        bool isReadable = DocumentExplainer.TryRead(document, MaxDepth, found, out ReadOnlySpan<byte> plain);
        if (isReadable)
        {
            // What can be read to its end, the scanner can, but for names that stand twice.
            Assert.Equal(JsonFault.None, JsonScanner.ScanWithDuplicates(plain, MaxDepth, duplicates));
            using var tree = new SyntaxTree(plain.ToArray(), duplicates);
            DuplicateMembers.Report(tree, found);
        }

        Assert.Equal(isAccepted, isReadable && found.Reported == 0);
    }

    private static string Describe(ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens)
    {
        var description = new StringBuilder();
        foreach (JsonToken token in tokens)
        {
            bool isContainer = token.Kind is JsonKind.Object or JsonKind.Array;
            string raw = isContainer ? "" : Encoding.UTF8.GetString(text.Slice(token.Start, token.Length));
            description.AppendLine($"{token.Kind} to {token.End} {token.HasEscapes} {raw}");
        }

        return description.ToString();
    }
}

/// <summary>A sound document but for duplicate names, and the same with comments and trailing commas.</summary>
public sealed record LenientDocument(byte[] Sound, byte[] Lenient, int Comments, int Commas)
{
    private static readonly string[] CommentTexts = ["/**/", "/* a, \"b\" ] */", "// {\n", "//,\r\n"];

    public static Arbitrary<LenientDocument> Arbitrary() =>
        (from text in JsonGenerators.ObjectOf(3)
         from choices in Gen.Choose(0, 29).ArrayOf(text.Length + 1)
         select Make(text, choices)).ToArbitrary();

    public override string ToString() => Encoding.UTF8.GetString(Lenient);

    private static LenientDocument Make(string text, int[] choices)
    {
        var lenient = new StringBuilder();
        int comments = 0;
        int commas = 0;
        bool isInString = false;
        char last = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char next = text[i];
            if (!isInString && choices[i] == 0 && next is '}' or ']' && last is not ('{' or '['))
            {
                lenient.Append(',');
                commas++;
            }

            // Between a name and its colon not even the lenient reader reads on.
            if (!isInString && choices[i] is > 0 and < 5 && (last is '\0' or ',' or ':' or '{' or '[' || next is '}' or ']' or ','))
            {
                lenient.Append(CommentTexts[choices[i] - 1]);
                comments++;
            }

            lenient.Append(next);
            if (next == '\\')
            {
                lenient.Append(text[++i]);
            }

            isInString ^= next == '"';
            last = next is ' ' or '\n' or '\t' or '\r' ? last : next;
        }

        return new LenientDocument(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(lenient.ToString()), comments, commas);
    }
}
