using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PolicyLayer.Tests.Json;

/// <summary>Documents, sound or nearly so.</summary>
public static class JsonGenerators
{
    private static readonly Gen<string> Names = Gen.Elements(
        "\"\"", "\"a\"", "\"\\u0061\"", "\"b\"", "\"ab\"", "\"\\u0061b\"", "\"é\"", "\"\\u00e9\"", "\"\\uD83D\\uDE00\"", "\"😀\"",
        "\"\\/\"", "\"/\"", "\"\\n\"", "\"\\u000A\"", "\"a longer name than one block\"", "\"a longer name than one bloc\\u006b\"");

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Names,
        Gen.Elements(
            "null", "true", "false", "0", "-0", "0.0", "1", "1.0", "10e-1", "-1.5E+3", "1e400", "123456789012345678901234567890",
            "0.30000000000000000000000001", "1e-999999999999999999999", "[]", "{}"));

    private static readonly Gen<string> Spaces = Gen.Frequency((8, Gen.Constant("")), (1, Gen.Elements(" ", "\n\t", "\r ")));

    private static readonly byte[] InterestingBytes =
        [.. "\"\\{}[],:0123456789.eE+-tfnu /bad"u8, 0, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xE2, 0xED, 0xF0, 0xF4, 0xFF];

    public static Gen<string> Value(int size) => size <= 0
        ? Scalars
        : Gen.Frequency((2, Scalars), (3, ObjectOf(size - 1)), (2, ArrayOf(size - 1)));

    public static Gen<string> ObjectOf(int size) =>
        from count in Gen.Frequency((9, Gen.Choose(0, 5)), (1, Gen.Choose(14, 22)))
        from unique in Gen.Elements(true, true, false)
        from names in (count > 6 ? Gen.Choose(0, 400).Select(n => $"\"n{n}\"") : Names).ArrayOf(count)
        from values in (count > 6 ? Scalars : Value(size)).ArrayOf(count)
        from spaces in Spaces.ArrayOf(count + 1)
        select "{" + spaces[count]
            + string.Join(",", names.Zip(values, spaces)
                .DistinctBy(member => unique ? member.First : Guid.NewGuid().ToString())
                .Select(member => member.Third + member.First + member.Third + ":" + member.Third + member.Second)) + "}";

    public static Gen<string> ArrayOf(int size) =>
        from count in Gen.Choose(0, 4)
        from values in Value(size).ArrayOf(count)
        from space in Spaces
        select "[" + space + string.Join("," + space, values) + space + "]";

    public static Arbitrary<JsonText> Text() => Value(3).Select(text => new JsonText(text)).ToArbitrary();

    public static Arbitrary<MutatedDocument> Mutated() =>
        (from text in ObjectOf(3)
         from edits in Edit.ListOf().Resize(3)
         select new MutatedDocument(edits.Aggregate(Encoding.UTF8.GetBytes(text), Apply))).ToArbitrary();

    private static Gen<(int Kind, int At, byte Value)> Edit =>
        from kind in Gen.Choose(0, 3)
        from at in Gen.Choose(0, 10_000)
        from value in Gen.Elements(InterestingBytes)
        select (kind, at, value);

    private static byte[] Apply(byte[] text, (int Kind, int At, byte Value) edit)
    {
        int at = edit.At % (text.Length + 1);
        ReadOnlySpan<byte> head = text.AsSpan(0, at);
        ReadOnlySpan<byte> tail = text.AsSpan(at);
        return edit.Kind switch
        {
            0 => [.. head, edit.Value, .. tail],
            1 when !tail.IsEmpty => [.. head, .. tail[1..]],
            2 when !tail.IsEmpty => [.. head, edit.Value, .. tail[1..]],
            _ => [.. head, .. head.Length > 4 ? head[^4..] : head, .. tail],
        };
    }
}

public sealed record JsonText(string Json);

public sealed record MutatedDocument(byte[] Utf8)
{
    public override string ToString() => Convert.ToHexString(Utf8) + " " + Encoding.UTF8.GetString(Utf8);
}
