using System.Buffers;
using System.Text;
using System.Text.Unicode;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>A document that comes as text: its bytes, and what only text can have wrong.</summary>
internal static class DocumentText
{
    // Longer texts are documents, however odd; no system has such paths.
    private const int LongestPath = 1_024;

    private static readonly SearchValues<char> JsonCharacters = SearchValues.Create("{}[]\"\n");

    private static readonly SearchValues<char> ExtensionCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Encodes a text; a finding says why it is no document at all.</summary>
    public static PolicyDiagnostic? Encode(string json, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (IsPath(json))
        {
            return new PolicyDiagnostic(
                DiagnosticDescriptors.MalformedJson,
                Place.Root,
                1,
                1,
                $"This isn't JSON: {Quoted.Of(json)} looks like the path of a file.",
                "read a file with `Policy.ParseFile` or `Policy.LoadFile`");
        }

        var buffer = new byte[Encoding.UTF8.GetMaxByteCount(json.Length)];
        OperationStatus status = Utf8.FromUtf16(json, buffer, out _, out int length, replaceInvalidSequences: false);
        utf8 = buffer.AsSpan(0, length);
        if (status == OperationStatus.Done)
        {
            return null;
        }

        (int line, int column) = new PositionCounter(utf8).MoveTo(length);
        return new PolicyDiagnostic(
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
