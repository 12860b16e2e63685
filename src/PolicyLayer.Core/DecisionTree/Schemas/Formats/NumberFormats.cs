using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary>
/// <c>int8</c> to <c>int64</c> and <c>uint8</c> to <c>uint64</c>: whole numbers within the type's range, in any notation.
/// <c>float</c> and <c>double</c>: numbers whose nearest value of the type is finite, as IEEE 754 rounds.
/// </summary>
internal static class NumberFormats
{
    // Half a unit in the last place above the largest finite single: from here on, rounding gives infinity.
    private static ReadOnlySpan<byte> FloatOverflow => "340282356779733661637539395458142568448"u8;

    private static ReadOnlySpan<byte> NegativeFloatOverflow => "-340282356779733661637539395458142568448"u8;

    public static bool IsInt8(in JsonNumber number) => IsInteger(number, "-128"u8, "127"u8);

    public static bool IsInt16(in JsonNumber number) => IsInteger(number, "-32768"u8, "32767"u8);

    public static bool IsInt32(in JsonNumber number) => IsInteger(number, "-2147483648"u8, "2147483647"u8);

    public static bool IsInt64(in JsonNumber number) => IsInteger(number, "-9223372036854775808"u8, "9223372036854775807"u8);

    public static bool IsUInt8(in JsonNumber number) => IsInteger(number, "0"u8, "255"u8);

    public static bool IsUInt16(in JsonNumber number) => IsInteger(number, "0"u8, "65535"u8);

    public static bool IsUInt32(in JsonNumber number) => IsInteger(number, "0"u8, "4294967295"u8);

    public static bool IsUInt64(in JsonNumber number) => IsInteger(number, "0"u8, "18446744073709551615"u8);

    public static bool IsFloat(in JsonNumber number) =>
        JsonNumber.Compare(number, new JsonNumber(FloatOverflow)) < 0
        && JsonNumber.Compare(number, new JsonNumber(NegativeFloatOverflow)) > 0;

    public static bool IsDouble(in JsonNumber number) => double.IsFinite(number.ToNearestDouble());

    private static bool IsInteger(in JsonNumber number, ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) =>
        number.IsInteger
        && JsonNumber.Compare(number, new JsonNumber(min)) >= 0
        && JsonNumber.Compare(number, new JsonNumber(max)) <= 0;
}
