using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What operators need of values, in the words that follow <c>must be</c>. They name kinds, never values.</summary>
internal static class Needs
{
    public const string Given = "given and not null";
    public const string Number = "a number";

    /// <summary>Numbers of at most so many digits are the same however they are read.</summary>
    public const string ShortNumber = "a number of at most 15 digits";

    public static string Kind(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Number => Number,
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        JsonKind.Object => "an object",
        _ => "a boolean",
    };

    /// <summary>What is compared with a value of a kind, and was of that kind already.</summary>
    public static string Readable(JsonKind kind) => kind switch
    {
        JsonKind.Number => ShortNumber,
        JsonKind.Array or JsonKind.Object => Kind(kind) + " whose numbers have at most 15 digits",
        _ => Kind(kind),
    };

    public static string Elements(JsonKind kind) => kind switch
    {
        JsonKind.Null => "an array of nulls",
        JsonKind.Number => "an array of numbers of at most 15 digits",
        JsonKind.String => "an array of strings",
        JsonKind.Array => "an array of arrays",
        JsonKind.Object => "an array of objects",
        _ => "an array of booleans",
    };
}
