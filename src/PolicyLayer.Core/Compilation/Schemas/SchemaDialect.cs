using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Which edition of JSON Schema a schema is read by. 2020-12 where nothing is said.</summary>
internal enum SchemaDialect
{
    Draft202012,
    Draft07,
}

/// <summary>Reads <c>$schema</c>.</summary>
internal static class SchemaDialects
{
    /// <summary>The dialect that a URI names, with or without an empty fragment; null for any other.</summary>
    public static SchemaDialect? Of(SyntaxNode uri)
    {
        if (uri.Kind != JsonKind.String)
        {
            return null;
        }

        string text = uri.GetString();
        return (text.EndsWith('#') ? text[..^1] : text) switch
        {
            "https://json-schema.org/draft/2020-12/schema" or "http://json-schema.org/draft/2020-12/schema" => SchemaDialect.Draft202012,
            "http://json-schema.org/draft-07/schema" or "https://json-schema.org/draft-07/schema" => SchemaDialect.Draft07,
            _ => null,
        };
    }

    /// <summary>Whether a URI names 2019-09, which is near enough to 2020-12 to be told from what is wrong altogether.</summary>
    public static bool Is201909(SyntaxNode uri) =>
        uri.Kind == JsonKind.String
        && uri.GetString().TrimEnd('#') is
            "https://json-schema.org/draft/2019-09/schema" or "http://json-schema.org/draft/2019-09/schema";
}
