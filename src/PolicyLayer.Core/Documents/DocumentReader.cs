using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>Reads a document's bytes as those of a call are read. What that refuses is read once more, to say why.</summary>
internal static class DocumentReader
{
    /// <summary>What dense documents have; one that is denser makes the tape grow.</summary>
    private const int BytesPerToken = 4;

    /// <summary>The document, to be disposed of once compiled; null when it can't be read to its end.</summary>
    public static SyntaxTree? Read(ArraySegment<byte> text, int maxDepth, DiagnosticBag findings)
    {
        JsonTape tape = JsonTape.Rent(CountTokens(text));
        var tree = new SyntaxTree(text, tape);
        if (JsonScanner.ScanValue(text, maxDepth, tape) == JsonFault.None || Explain(tree, maxDepth, findings))
        {
            return tree;
        }

        tree.Dispose();
        return null;
    }

    /// <summary>Reports all that is wrong with a refused document; whether it has a tree, to be compiled for its other findings.</summary>
    private static bool Explain(SyntaxTree tree, int maxDepth, DiagnosticBag findings)
    {
        int reported = findings.Reported;
        bool isWhole = DocumentExplainer.TryRead(tree.Text, maxDepth, findings, out ReadOnlySpan<byte> plain)
            && JsonScanner.ScanWithDuplicates(plain, maxDepth, tree.Tape) == JsonFault.None;
        if (isWhole)
        {
            DuplicateMembers.Report(tree, findings);
        }

        // INVARIANT: what the scanner refused never becomes a policy, even if nothing is found that stands against it.
        if (findings.Reported == reported)
        {
            findings.ReportAt(DiagnosticDescriptors.MalformedJson, 0, "This isn't JSON.");
        }

        return isWhole;
    }

    /// <summary>Room for a document: every token but the first comes after one of these. Less where its strings are full of them.</summary>
    private static int CountTokens(ReadOnlySpan<byte> text)
    {
        int count = 1 + text.Count((byte)',') + text.Count((byte)':') + text.Count((byte)'{') + text.Count((byte)'[');
        return Math.Min(count, (text.Length / BytesPerToken) + 16);
    }
}
