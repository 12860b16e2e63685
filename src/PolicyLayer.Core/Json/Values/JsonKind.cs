namespace PolicyLayer.Json.Values;

internal enum JsonKind : byte
{
    /// <summary>No value: what a look-up that found nothing gives.</summary>
    None,
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,

    /// <summary>A member's name; never the kind of a value.</summary>
    Name,
}

internal static class JsonKinds
{
    /// <summary>Whether both are the same of null, boolean, number, string, array, object.</summary>
    public static bool IsSameKindAs(this JsonKind kind, JsonKind other) =>
        kind == other || (kind.IsBoolean() && other.IsBoolean());

    public static bool IsBoolean(this JsonKind kind) => kind is JsonKind.True or JsonKind.False;
}
