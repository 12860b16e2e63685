using System.Text;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>A name or value of a document.</summary>
internal readonly struct SyntaxNode(SyntaxTree tree, int index)
{
    public SyntaxTree Tree => tree;

    public int Index => index;

    public JsonKind Kind => Token.Kind;

    /// <summary>The index of the token after this value; after its value for a name.</summary>
    public int End => Token.End;

    /// <summary>Where it begins in the text, a string at its quote.</summary>
    public int Offset => Token.Kind is JsonKind.String or JsonKind.Name ? Token.Start - 1 : Token.Start;

    /// <summary>The text as it stands, a string without its quotes.</summary>
    public ReadOnlySpan<byte> Raw => tree.Text.Slice(Token.Start, Token.Length);

    /// <summary>The text as it stands, a string with its quotes.</summary>
    public ReadOnlySpan<byte> RawValue =>
        Kind == JsonKind.String ? tree.Text.Slice(Token.Start - 1, Token.Length + 2) : Raw;

    /// <summary>A value as rules and schemas read it. Its names are distinct only in a document without findings.</summary>
    public JsonValue Value => new(tree.Text, tree.Tape, index);

    public bool HasEscapes => Token.HasEscapes;

    public SyntaxMembers Members => new(this);

    public SyntaxElements Elements => new(this);

    public bool HasChildren => End > Index + 1;

    private ref readonly JsonToken Token => ref tree.Tokens[index];

    /// <summary>A string or name, decoded.</summary>
    public string GetString() => HasEscapes ? Decode(Raw) : Encoding.UTF8.GetString(Raw);

    /// <summary>Which of some ASCII words a string or name is; null for none.</summary>
    public string? Match(ReadOnlySpan<string> words) => IndexIn(words) is >= 0 and var index ? words[index] : null;

    /// <summary>The index of the one of some ASCII words that a string or name is; −1 for none.</summary>
    public int IndexIn(ReadOnlySpan<string> words)
    {
        if (HasEscapes)
        {
            return words.IndexOf(GetString());
        }

        ReadOnlySpan<byte> raw = Raw;
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].Length == raw.Length && Ascii.Equals(raw, words[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>What stands there, for a message.</summary>
    public string Quote() => Kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String or JsonKind.Name => Quoted.Of(GetString()),
        _ => Quoted.Of(Encoding.UTF8.GetString(Raw)),
    };

    private static string Decode(ReadOnlySpan<byte> raw)
    {
        var text = new JsonString(raw, hasEscapes: true);
        var units = new char[text.MaxDecodedLength];
        return new string(units, 0, text.Decode(units));
    }
}
