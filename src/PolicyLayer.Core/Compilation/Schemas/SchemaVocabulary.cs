namespace PolicyLayer.Compilation.Schemas;

/// <summary>The keywords: those that are read, those without effect, and those that are refused.</summary>
internal static class SchemaVocabulary
{
    /// <summary>Keywords of every dialect that have an effect, or hold something that others refer to.</summary>
    private static readonly string[] Effective =
    [
        "$schema", "$id", "$ref", "$anchor", "$defs", "definitions",
        "type", "nullable", "enum", "const",
        "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength", "minLength", "pattern", "format",
        "prefixItems", "items", "contains", "minContains", "maxContains", "maxItems", "minItems", "uniqueItems",
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependentRequired",
        "dependentSchemas", "maxProperties", "minProperties",
        "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
        "unevaluatedProperties", "unevaluatedItems",
    ];

    private static readonly string[] Annotations =
    [
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment",
        "contentEncoding", "contentMediaType", "contentSchema",
        "example", "markdownDescription", "errorMessage", "xml", "externalDocs",
    ];

    private static readonly string[] Draft07Only = ["additionalItems", "dependencies"];

    private static readonly string[] Refused =
        ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary"];

    // `nullable` only widens the `type` beside it.
    private static readonly string[] Structural = ["$schema", "$id", "$ref", "$anchor", "$defs", "definitions", "nullable"];

    private static readonly string[] Known202012 = [.. Effective, .. Annotations];

    private static readonly string[] Known07 = [.. Effective, .. Annotations, .. Draft07Only];

    private static readonly HashSet<string> Set202012 = [.. Known202012];

    private static readonly HashSet<string> Set07 = [.. Known07];

    public static ReadOnlySpan<string> Known(SchemaDialect dialect) =>
        dialect == SchemaDialect.Draft07 ? Known07 : Known202012;

    public static bool IsKnown(string keyword, SchemaDialect dialect) =>
        (dialect == SchemaDialect.Draft07 ? Set07 : Set202012).Contains(keyword);

    public static bool IsExtension(string keyword) => keyword.StartsWith("x-", StringComparison.Ordinal);

    public static bool IsRefused(string keyword) => Refused.Contains(keyword);

    /// <summary>Whether a keyword says something of values, by itself.</summary>
    public static bool Judges(string keyword) => !Annotations.Contains(keyword) && !Structural.Contains(keyword);

    /// <summary>What stands in 2020-12 for a keyword of older editions, or of other descriptions of values.</summary>
    public static string? SuccessorOf(string keyword) => keyword switch
    {
        "additionalItems" => "use `prefixItems` and `items`, or say `\"$schema\": \"http://json-schema.org/draft-07/schema#\"` at the root",
        "dependencies" =>
            "use `dependentRequired` or `dependentSchemas`, or say `\"$schema\": \"http://json-schema.org/draft-07/schema#\"` at the root",
        "id" => "use `$id`",
        "optional" => "remove it; a name that `required` of the schema around doesn't list may be left out",
        "divisibleBy" => "use `multipleOf`",
        "disallow" => "use `not`",
        "extends" => "use `allOf`",
        "discriminator" => "use `oneOf`, each part with a `const` for the name that tells them apart",
        _ => null,
    };

    /// <summary>What stands in 2020-12 for a boolean that older editions give a keyword.</summary>
    public static string? SuccessorOfFlag(string keyword) => keyword switch
    {
        "exclusiveMinimum" => "write the bound itself: `\"exclusiveMinimum\": 5`, without `minimum`; `false` is left out",
        "exclusiveMaximum" => "write the bound itself: `\"exclusiveMaximum\": 5`, without `maximum`; `false` is left out",
        "required" => "list the name in `required` of the schema around: `\"required\": [\"…\"]`; `false` is left out",
        _ => null,
    };
}
