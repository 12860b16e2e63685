using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>A well-formed document: its text, a token with its place in the text for each name and value, and how deep it nests.</summary>
internal sealed class SyntaxTree(byte[] text, JsonTape tape, int depth)
{
    public byte[] Text => text;

    /// <summary>Read alone once the tree is there.</summary>
    public JsonTape Tape => tape;

    public ReadOnlySpan<JsonToken> Tokens => tape.Tokens;

    public int Depth => depth;

    public SyntaxNode Root => new(this, 0);
}
