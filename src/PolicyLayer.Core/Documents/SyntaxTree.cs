using System.Runtime.InteropServices;
using PolicyLayer.Json;

namespace PolicyLayer.Documents;

/// <summary>A well-formed document: its text, and one token for each name and value with its place in the text.</summary>
internal sealed class SyntaxTree(byte[] text, List<JsonToken> tokens)
{
    public byte[] Text { get; } = text;

    /// <summary>Read in place: nothing is added once the tree is there.</summary>
    public ReadOnlySpan<JsonToken> Tokens => CollectionsMarshal.AsSpan(tokens);

    public SyntaxNode Root => new(this, 0);
}
