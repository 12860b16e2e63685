using System.Runtime.CompilerServices;

namespace PolicyLayer.Json.Values;

/// <summary>64-bit hashes under a random key of the process: equal values have equal hashes, in whatever notation.</summary>
internal static class JsonHash
{
    /// <summary>Consistent with exact equality; linear in the text.</summary>
    public static ulong Of(JsonValue value)
    {
        var hasher = default(KeyedHasher);
        hasher.AddWord((ulong)value.Kind);
        switch (value.Kind)
        {
            case JsonKind.Number:
                value.Number.AddTo(ref hasher);
                break;
            case JsonKind.String:
                hasher.AddLong(Of(value.String));
                break;
            case JsonKind.Array:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                foreach (JsonValue element in value.EnumerateElements())
                {
                    hasher.AddLong(Of(element));
                }

                break;
            case JsonKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                hasher.AddLong(OfMembers(value));
                break;
        }

        return hasher.Finish();
    }

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

    private static ulong OfMembers(JsonValue value)
    {
        // A sum, so that the order doesn't matter.
        ulong sum = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            var hasher = default(KeyedHasher);
            hasher.AddLong(Of(property.Name));
            hasher.AddLong(Of(property.Value));
            sum += hasher.Finish();
        }

        return sum;
    }
}
