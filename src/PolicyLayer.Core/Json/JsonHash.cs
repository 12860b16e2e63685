namespace PolicyLayer.Json;

/// <summary>64-bit hashes under a random key of the process: equal values have equal hashes, in whatever notation.</summary>
internal static class JsonHash
{
    public static ulong Of(JsonString text)
    {
        if (!text.HasEscapes)
        {
            return KeyedHasher.OfBytes(text.Raw);
        }

        var hasher = default(KeyedHasher);
        Span<byte> encoded = stackalloc byte[4];
        ReadOnlySpan<byte> rest = text.Raw;
        while (!rest.IsEmpty)
        {
            int run = rest.IndexOf((byte)'\\');
            if (run < 0)
            {
                run = rest.Length;
            }

            hasher.AddBytes(rest[..run]);
            rest = rest[run..];
            if (!rest.IsEmpty)
            {
                rest = rest[JsonString.DecodeEscape(rest, out System.Text.Rune rune)..];
                hasher.AddBytes(encoded[..rune.EncodeToUtf8(encoded)]);
            }
        }

        return hasher.FinishBytes();
    }
}
