using System.Text;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Arguments as headers repeat them.</summary>
internal static class ArgumentText
{
    /// <summary>Whether a header says what an argument is: strings and booleans as they are, integers by their value.</summary>
    public static bool Agrees(string header, JsonValue argument) => argument.Kind switch
    {
        JsonKind.String => Members.TextOf(argument) == header,
        JsonKind.True => header == "true",
        JsonKind.False => header == "false",
        JsonKind.Number => AreOneInteger(Encoding.UTF8.GetBytes(header), argument),
        _ => false,
    };

    private static bool AreOneInteger(byte[] header, JsonValue argument)
    {
        var tape = new JsonTape();
        if (JsonScanner.ScanValue(header, maxDepth: 1, tape) != JsonFault.None || new JsonValue(header, tape).Kind != JsonKind.Number)
        {
            return false;
        }

        JsonNumber said = new JsonValue(header, tape).Number;
        JsonNumber meant = argument.Number;
        return IsSafe(said) && IsSafe(meant) && JsonNumber.Compare(said, meant) == 0;
    }

    // Beyond these two integers may be one double.
    private static bool IsSafe(in JsonNumber number) =>
        number.IsInteger
        && JsonNumber.Compare(number, new JsonNumber("9007199254740991"u8)) <= 0
        && JsonNumber.Compare(number, new JsonNumber("-9007199254740991"u8)) >= 0;
}
