namespace PolicyLayer.Documents;

/// <summary>How every kind of document is compiled: not if it is too large, from one tree, and to nothing once it has an error.</summary>
internal static class DocumentFrame
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>What a document says, or null when it has an error; and all findings in order of position.</summary>
    /// <param name="document">The bytes; of a document that is too large, enough to show that.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="maxBytes">How large it may be.</param>
    /// <param name="maxDepth">How deep it may nest.</param>
    /// <param name="compile">Reads the tree. Called too when the text had findings already, so that all come at once.</param>
    public static (T? Compiled, IReadOnlyList<PolicyDiagnostic> Diagnostics) Compile<T>(
        ArraySegment<byte> document, DocumentKind kind, int maxBytes, int maxDepth, Func<SyntaxTree, DiagnosticBag, T?> compile)
        where T : class
    {
        var findings = new DiagnosticBag(kind);
        if (document.Count > maxBytes)
        {
            findings.ReportAt(DiagnosticDescriptors.DocumentTooLarge, 0, $"The document has more than {maxBytes} bytes.");
            return (null, findings.ToList([], null));
        }

        ArraySegment<byte> text = document.AsSpan().StartsWith(ByteOrderMark) ? document[ByteOrderMark.Length..] : document;
        using SyntaxTree? tree = DocumentReader.Read(text, maxDepth, findings);
        T? compiled = tree is null ? null : compile(tree, findings);
        return (findings.HasErrors ? null : compiled, findings.ToList(text, tree));
    }
}
