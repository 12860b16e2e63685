using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Schemas.Formats;
using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>Whether a decoded string, in UTF-8, has a format.</summary>
internal delegate bool StringFormat(ReadOnlySpan<byte> text);

/// <summary>Whether a number has a format.</summary>
internal delegate bool NumberFormat(in JsonNumber number);

/// <summary>The formats by name.</summary>
internal static class SchemaFormats
{
    public static IReadOnlyDictionary<string, StringFormat> Strings { get; } = new Dictionary<string, StringFormat>
    {
        ["uuid"] = UuidFormat.Matches,
        ["date-time"] = DateTimeFormats.IsDateTime,
        ["date"] = DateTimeFormats.IsDate,
        ["time"] = DateTimeFormats.IsTime,
        ["duration"] = DurationFormat.Matches,
        ["email"] = EmailFormat.Matches,
        ["hostname"] = HostnameFormat.Matches,
        ["ipv4"] = AddressFormats.IsIPv4,
        ["ipv6"] = AddressFormats.IsIPv6,
        ["uri"] = UriFormats.IsUri,
        ["uri-reference"] = UriFormats.IsUriReference,
        ["json-pointer"] = JsonPointerFormat.Matches,
        ["regex"] = RegexFormat.Matches,
    };

    /// <summary>What judging a byte of a string costs.</summary>
    public static int StepsPerByte(string name) => name == "regex" ? StepCosts.PatternByte : 1;

    public static IReadOnlyDictionary<string, NumberFormat> Numbers { get; } = new Dictionary<string, NumberFormat>
    {
        ["int8"] = NumberFormats.IsInt8,
        ["int16"] = NumberFormats.IsInt16,
        ["int32"] = NumberFormats.IsInt32,
        ["int64"] = NumberFormats.IsInt64,
        ["int"] = NumberFormats.IsInt64,
        ["uint8"] = NumberFormats.IsUInt8,
        ["uint16"] = NumberFormats.IsUInt16,
        ["uint32"] = NumberFormats.IsUInt32,
        ["uint64"] = NumberFormats.IsUInt64,
        ["uint"] = NumberFormats.IsUInt64,
        ["float"] = NumberFormats.IsFloat,
        ["double"] = NumberFormats.IsDouble,
    };

    /// <summary>Those that say how a text is meant or shown, and nothing that could be checked.</summary>
    public static IReadOnlySet<string> Annotations { get; } = new HashSet<string> { "byte", "binary", "password" };
}
