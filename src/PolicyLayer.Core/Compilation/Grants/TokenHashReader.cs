using System.Buffers;
using System.Security.Cryptography;
using PolicyLayer.Documents;
using PolicyLayer.Grants;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Grants;

/// <summary>Reads <c>token_sha256</c>. INVARIANT: no message quotes what stands there: it may be a token.</summary>
internal static class TokenHashReader
{
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;

    /// <summary>No token that anyone can guess is shorter.</summary>
    private const int ShortestToken = 16;

    // What comes of hashing a variable that isn't set.
    private static readonly string OfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("+-./0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");

    /// <summary>The hash; null, and reported, when it is none or another grant's.</summary>
    /// <param name="node">The value.</param>
    /// <param name="id">The id of its grant; null where that has none.</param>
    /// <param name="context">Where findings go.</param>
    public static string? Read(SyntaxNode node, string? id, GrantContext context)
    {
        if (!context.Expect(node, JsonKind.String))
        {
            return null;
        }

        string text = node.GetString();
        if (!GrantToken.IsHash(text))
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidTokenHash, node, "The SHA-256 of a token has 64 lower-case hexadecimal digits.", Help(text));
            return null;
        }

        if (text == OfNothing)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidTokenHash, node, "This is the SHA-256 of an empty text, which is no token.",
                "`policylayer grant new` makes a token and its SHA-256");
            return null;
        }

        if (!context.TryAddToken(text, id, out string? owner))
        {
            string other = owner is null ? "an earlier grant" : $"the grant {Quoted.Of(owner)}";
            context.Findings.Report(
                DiagnosticDescriptors.DuplicateToken,
                node,
                $"The token is that of {other} already.",
                "a token names one grant: make another with `policylayer grant new`");
            return null;
        }

        return text;
    }

    private static string Help(string text)
    {
        if (GrantToken.IsHash(text.ToLowerInvariant()))
        {
            return "write the digits in lower case";
        }

        bool isToken = text.Length is >= ShortestToken and not HashDigits && !text.AsSpan().ContainsAnyExcept(TokenCharacters);
        return isToken
            ? "this looks like a token itself, which belongs in no file: make another with `policylayer grant new`, and keep its SHA-256"
            : "`policylayer grant new` makes a token and its SHA-256";
    }
}
