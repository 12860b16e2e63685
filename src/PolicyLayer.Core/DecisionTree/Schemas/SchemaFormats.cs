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
        ["int32"] = NumberFormats.IsInt32,
        ["int64"] = NumberFormats.IsInt64,
        ["float"] = NumberFormats.IsFloat,
        ["double"] = NumberFormats.IsDouble,
    };
}
