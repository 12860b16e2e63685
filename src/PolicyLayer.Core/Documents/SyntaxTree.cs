using PolicyLayer.Json;

namespace PolicyLayer.Documents;

/// <summary>A well-formed document: its text, and one token for each name and value with its place in the text.</summary>
internal sealed class SyntaxTree(byte[] text, JsonToken[] tokens)
{
    public byte[] Text { get; } = text;

    public JsonToken[] Tokens { get; } = tokens;

    public SyntaxNode Root => new(this, 0);
}
