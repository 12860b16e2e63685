using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Scanning;

/// <summary>Finds equal names in an object whose members are scanned, wholly or so far.</summary>
internal static class JsonDuplicates
{
    private const int FewNames = 16;

    /// <summary>The object's token is still open: its length counts its names.</summary>
    public static bool Exist(ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, int open, JsonTape tape)
    {
        ref readonly JsonToken token = ref tokens[open];
        return token.Length <= FewNames && !token.HasEscapes
            ? ExistAmongFew(text, tokens, open + 1, token.Length)
            : ExistAmongMany(text, tokens, open + 1, token.Length, tape.Names);
    }

    private static bool ExistAmongFew(ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, int first, int names)
    {
        int name = first;
        for (int n = 1; n < names; n++)
        {
            name = tokens[name].End;
            int length = tokens[name].Length;
            for (int earlier = first; earlier != name; earlier = tokens[earlier].End)
            {
                if (tokens[earlier].Length == length
                    && text.Slice(tokens[earlier].Start, length).SequenceEqual(text.Slice(tokens[name].Start, length)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool ExistAmongMany(
        ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, int first, int names, JsonNameTable table)
    {
        JsonNameTable.Frame frame = table.Push(names);
        bool unique = true;
        for (int n = 0, name = first; n < names && unique; n++, name = tokens[name].End)
        {
            unique = table.TryAdd(frame, text, tokens, name);
        }

        table.Pop(frame);
        return !unique;
    }
}
