using System.Globalization;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>A request's id: a string or an integer. Two are equal when any reader may take them for the same.</summary>
/// <param name="Key">The decoded string in quotes, or the nearest double to the integer, which JavaScript reads.</param>
/// <param name="Text">As it was written, to be written again.</param>
internal readonly record struct JsonRpcId(string Key, ReadOnlyMemory<byte> Text)
{
    private const int MaxBytes = 512;
    private const double MaxExact = 9_007_199_254_740_992;

    /// <summary>A value as an id; null for what is none.</summary>
    /// <param name="value">The value.</param>
    /// <param name="written">It as it was written.</param>
    /// <param name="isAnswers">Whether an integer may be written as <c>13.0</c> or <c>1.3e1</c>: as some servers answer to 13.</param>
    public static JsonRpcId? Of(JsonValue value, ReadOnlyMemory<byte> written, bool isAnswers = false)
    {
        if (written.Length > MaxBytes)
        {
            return null;
        }

        string? key = value.Kind switch
        {
            JsonKind.String => $"\"{Members.TextOf(value)}\"",
            JsonKind.Number when isAnswers || IsPlainInteger(value.Raw) => KeyOf(double.Parse(value.Raw, CultureInfo.InvariantCulture)),
            _ => null,
        };

        // Of its own, so that an id that is kept doesn't keep the whole message.
        return key is null ? null : new JsonRpcId(key, written.ToArray());
    }

    /// <summary>The number for a string of its digits, or the string for a number: some servers answer with the other one.</summary>
    /// <returns>Null where there is no other.</returns>
    public JsonRpcId? Twin()
    {
        bool isText = Key[0] == '"';
        string number = isText ? Key[1..^1] : Key;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(Math.Abs(value) <= MaxExact))
        {
            return null;
        }

        string digits = ((long)value).ToString(CultureInfo.InvariantCulture);
        if (!isText)
        {
            return this with { Key = $"\"{digits}\"" };
        }

        return digits == number && KeyOf(value) is { } key ? this with { Key = key } : null;
    }

    /// <summary>Whether an answer with this id may be a request's, whichever way it is written.</summary>
    public bool MayAnswer(JsonRpcId request) => this == request || Twin() == request;

    public bool Equals(JsonRpcId other) => Key == other.Key;

    public override int GetHashCode() => string.GetHashCode(Key, StringComparison.Ordinal);

    private static string? KeyOf(double number)
    {
        // Zero for minus zero.
        return double.IsInteger(number) || double.IsInfinity(number) ? (number + 0.0).ToString("R", CultureInfo.InvariantCulture) : null;
    }

    private static bool IsPlainInteger(ReadOnlySpan<byte> number) =>
        !number.SequenceEqual("-0"u8) && number[number[0] == '-' ? 1.. : ..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
