using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>A well-formed document: its text, and a token with its place in the text for each name and value. Both are only lent.</summary>
internal sealed class SyntaxTree(ArraySegment<byte> text, JsonTape tape) : IDisposable
{
    private ArraySegment<byte> _text = text;

    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Read alone once the tree is there.</summary>
    public JsonTape Tape => tape;

    public ReadOnlySpan<JsonToken> Tokens => tape.Tokens;

    public SyntaxNode Root => new(this, 0);

    /// <summary>How deep the document nests, found in one walk; 0 when it is neither an object nor an array.</summary>
    public int FindDepth()
    {
        var open = new Stack<int>();
        int deepest = 0;
        ReadOnlySpan<JsonToken> tokens = Tokens;
        for (int i = 0; i < tokens.Length; i++)
        {
            while (open.TryPeek(out int end) && end <= i)
            {
                open.Pop();
            }

            if (tokens[i].Kind is JsonKind.Object or JsonKind.Array)
            {
                open.Push(tokens[i].End);
                deepest = Math.Max(deepest, open.Count);
            }
        }

        return deepest;
    }

    /// <summary>Gives back what is rented. Whoever reads the tree afterwards fails.</summary>
    public void Dispose()
    {
        _text = default;
        tape.Return();
    }
}
