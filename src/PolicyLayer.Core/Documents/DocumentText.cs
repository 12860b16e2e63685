using System.Buffers;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>What is wrong with a document that comes as text, before anybody reads it as JSON.</summary>
internal static class DocumentText
{
    // Longer texts are documents, however odd; no system has such paths.
    private const int LongestPath = 1_024;

    private static readonly SearchValues<char> JsonCharacters = SearchValues.Create("{}[]\"\n");

    private static readonly SearchValues<char> ExtensionCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>A text's bytes; null, and said why, when it is the path of a document or can't be encoded.</summary>
    public static DocumentBytes? Encode(string json, DocumentKind kind, out PolicyDiagnostic? refusal)
    {
        refusal = IsPath(json) ? Path(json, kind) : null;
        if (refusal is not null)
        {
            return null;
        }

        DocumentBytes document = DocumentBytes.Encode(json, out bool isWhole);
        if (isWhole)
        {
            return document;
        }

        refusal = HalfSurrogatePair(document.Bytes, kind);
        document.Dispose();
        return null;
    }

    private static PolicyDiagnostic Path(string json, DocumentKind kind) => new(
        kind,
        DiagnosticDescriptors.MalformedJson,
        Place.Root,
        1,
        1,
        $"This isn't JSON: {Quoted.Of(json)} looks like the path of a file.",
        $"read a file with `{kind.Reader}.ParseFile` or `{kind.Reader}.LoadFile`");

    /// <summary>Says of a text that can't be encoded where it can't.</summary>
    /// <param name="encoded">What comes before that place.</param>
    /// <param name="kind">What the document is for.</param>
    private static PolicyDiagnostic HalfSurrogatePair(ReadOnlySpan<byte> encoded, DocumentKind kind)
    {
        (int line, int column) = new PositionCounter(encoded).MoveTo(encoded.Length);
        return new PolicyDiagnostic(
            kind,
            DiagnosticDescriptors.InvalidUtf8,
            Place.Root,
            line,
            column,
            "The text holds half of a surrogate pair.",
            "don't cut or replace text within a character, and decode bytes as UTF-8");
    }

    /// <summary>Whether a text can't be JSON and reads like a path: `policy.json`, `policies/shop`, `C:\policies\shop.json`.</summary>
    private static bool IsPath(string text)
    {
        ReadOnlySpan<char> path = text.AsSpan().Trim();
        return path.Length is > 0 and <= LongestPath
            && !path.ContainsAny(JsonCharacters)
            && !path.StartsWith("//") && !path.StartsWith("/*")
            && (path.ContainsAny('/', '\\') || HasExtension(path));
    }

    private static bool HasExtension(ReadOnlySpan<char> path)
    {
        int dot = path.LastIndexOf('.');
        ReadOnlySpan<char> extension = path[(dot + 1)..];
        return dot > 0 && extension.Length > 0 && !char.IsAsciiDigit(extension[0]) && !extension.ContainsAnyExcept(ExtensionCharacters);
    }
}
