using System.Runtime.CompilerServices;
using PolicyLayer.Calls;

namespace PolicyLayer.Json.Values;

/// <summary>64-bit hashes under a random key of the process: equal values have equal hashes, in whatever notation.</summary>
internal static class JsonHash
{
    /// <summary>The steps of hashing a value and all that is in it.</summary>
    public static long CostOf(JsonValue value, NumberReading reading = NumberReading.Exact)
    {
        long tokens = value.End - value.Index;
        long bytes = value.Raw.Length;
        return reading == NumberReading.Exact
            ? (StepCosts.Hash * tokens) + (2 * bytes)
            : ((StepCosts.Hash + StepCosts.Double + StepCosts.SmallestDouble) * tokens) + (StepCosts.DoubleDigit * bytes);
    }

    /// <summary>
    /// Consistent with equality in one reading of numbers: exact equality, or that of all numbers' nearest doubles. Linear in the text.
    /// </summary>
    public static ulong Of(JsonValue value, NumberReading reading = NumberReading.Exact)
    {
        var hasher = default(KeyedHasher);
        hasher.AddWord((ulong)value.Kind);
        switch (value.Kind)
        {
            case JsonKind.Number:
                AddNumber(ref hasher, value.Number, reading);
                break;
            case JsonKind.String:
                hasher.AddLong(Of(value.String));
                break;
            case JsonKind.Array:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                foreach (JsonValue element in value.EnumerateElements())
                {
                    hasher.AddLong(Of(element, reading));
                }

                break;
            case JsonKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                hasher.AddLong(OfMembers(value, reading));
                break;
        }

        return hasher.Finish();
    }

    /// <summary>As of a value that is this number.</summary>
    public static ulong Of(in JsonNumber number, NumberReading reading)
    {
        var hasher = default(KeyedHasher);
        hasher.AddWord((ulong)JsonKind.Number);
        AddNumber(ref hasher, number, reading);
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

    private static void AddNumber(ref KeyedHasher hasher, in JsonNumber number, NumberReading reading)
    {
        if (reading == NumberReading.Exact)
        {
            number.AddTo(ref hasher);
            return;
        }

        // Adding zero makes one of both zeros.
        hasher.AddLong(BitConverter.DoubleToUInt64Bits(number.ToNearestDouble() + 0.0));
    }

    private static ulong OfMembers(JsonValue value, NumberReading reading)
    {
        // A sum, so that the order doesn't matter.
        ulong sum = 0;
        foreach (JsonValue.Property property in value.EnumerateProperties())
        {
            var hasher = default(KeyedHasher);
            hasher.AddLong(Of(property.Name));
            hasher.AddLong(Of(property.Value, reading));
            sum += hasher.Finish();
        }

        return sum;
    }
}
