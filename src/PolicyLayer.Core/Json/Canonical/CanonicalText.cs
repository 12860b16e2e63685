using System.Globalization;
using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Canonical;

/// <summary>
/// Writes values in the canonical form of RFC 8785: the same value, however it was written, is the same bytes. Values that tell counters
/// apart are strings, numbers and booleans, and case can be set aside in them, as wherever the engine does so.
/// </summary>
internal sealed partial class CanonicalText(Utf8Buffer buffer, bool foldsCase, WorkBudget work)
{
    private const int MostBytesOfCharacter = 6;

    public ReadOnlySpan<byte> Written => buffer.Written;

    /// <summary>Appends punctuation of JSON, as it stands.</summary>
    public void Append(ReadOnlySpan<byte> punctuation)
    {
        punctuation.CopyTo(Reserve(punctuation.Length));
        buffer.Advance(punctuation.Length);
    }

    /// <summary>
    /// Appends a value; false for null, an array or object, a number whose two readings differ, and what there is no work left for.
    /// </summary>
    public bool TryAppend(in JsonValue value)
    {
        if (!work.TrySpend(StepCosts.Hash + ((long)StepCosts.DigestByte * value.Raw.Length)))
        {
            return false;
        }

        switch (value.Kind)
        {
            case JsonKind.String:
                AppendString(value.String.Raw);
                return true;
            case JsonKind.Number:
                return TryAppend(value.Number);
            case JsonKind.True or JsonKind.False:
                return buffer.TryAppend(value.Raw);
            default:
                return false;
        }
    }

    private bool TryAppend(in JsonNumber number)
    {
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        return work.TrySpend(JsonNumberComparison.CostOfDouble(number))
            && CanonicalNumber.TryWrite(number, text, out int length)
            && buffer.TryAppend(text[..length]);
    }

    private void AppendString(ReadOnlySpan<byte> raw)
    {
        buffer.TryAppend("\""u8);
        while (!raw.IsEmpty)
        {
            raw = raw[JsonString.DecodeCharacter(raw, out Rune character)..];
            AppendCharacter(foldsCase ? new Rune(NameFolding.Fold(character.Value)) : character);
        }

        buffer.TryAppend("\""u8);
    }

    private void AppendCharacter(Rune character)
    {
        Span<byte> free = Reserve(MostBytesOfCharacter);
        buffer.Advance(character.Value switch
        {
            '"' or '\\' => Escape(free, (byte)character.Value),
            '\b' => Escape(free, (byte)'b'),
            '\t' => Escape(free, (byte)'t'),
            '\n' => Escape(free, (byte)'n'),
            '\f' => Escape(free, (byte)'f'),
            '\r' => Escape(free, (byte)'r'),
            < ' ' => EscapeCode(free, character.Value),
            _ => character.EncodeToUtf8(free),
        });
    }

    private Span<byte> Reserve(long most) => buffer.TryReserve(most, most, out Span<byte> free)
        ? free
        : throw new InvalidOperationException("A value has no room in its canonical form.");

    private static int Escape(Span<byte> free, byte letter)
    {
        (free[0], free[1]) = ((byte)'\\', letter);
        return 2;
    }

    private static int EscapeCode(Span<byte> free, int code)
    {
        "\\u"u8.CopyTo(free);
        code.TryFormat(free[2..], out _, "x4", CultureInfo.InvariantCulture);
        return MostBytesOfCharacter;
    }
}
