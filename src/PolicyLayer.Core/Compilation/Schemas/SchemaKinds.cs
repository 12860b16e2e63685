using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>A set of kinds of values.</summary>
[Flags]
internal enum SchemaKinds
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Number = 4,
    String = 8,
    Array = 16,
    Object = 32,
    All = 63,
}

internal static class SchemaKindSets
{
    public static SchemaKinds Of(JsonKind kind) => kind switch
    {
        JsonKind.Null => SchemaKinds.Null,
        JsonKind.False or JsonKind.True => SchemaKinds.Boolean,
        JsonKind.Number => SchemaKinds.Number,
        JsonKind.String => SchemaKinds.String,
        JsonKind.Array => SchemaKinds.Array,
        JsonKind.Object => SchemaKinds.Object,
        _ => SchemaKinds.None,
    };

    /// <summary>The kinds that a name of <c>type</c> stands for; none if it is no such name.</summary>
    public static SchemaKinds OfType(string? type) => type switch
    {
        "null" => SchemaKinds.Null,
        "boolean" => SchemaKinds.Boolean,
        "number" or "integer" => SchemaKinds.Number,
        "string" => SchemaKinds.String,
        "array" => SchemaKinds.Array,
        "object" => SchemaKinds.Object,
        _ => SchemaKinds.None,
    };
}
