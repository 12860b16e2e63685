using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Reads what a schema is and is called: <c>$schema</c>, <c>$id</c>, <c>$anchor</c>, and the schemas kept for reference.</summary>
internal static class SchemaIdentity
{
    public static void Compile(SchemaObject schema)
    {
        CheckDialect(schema);
        if (TryCompileId(schema))
        {
            CompileAnchor(schema);
        }

        foreach (string keyword in (ReadOnlySpan<string>)["$defs", "definitions"])
        {
            foreach (var _ in schema.FindNamedSchemas(keyword))
            {
            }
        }
    }

    private static void CheckDialect(SchemaObject schema)
    {
        if (schema.Find("$schema") is not { } value || SchemaDialects.Of(value) == schema.Dialect)
        {
            return;
        }

        if (SchemaDialects.Is201909(value))
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.UnsupportedDialect,
                value,
                "JSON Schema 2019-09 is not supported.",
                "use `https://json-schema.org/draft/2020-12/schema`, where an array of `items` is written `prefixItems`, "
                    + "`additionalItems` is written `items`, and most of the rest is the same");
            return;
        }

        schema.Compiler.Report(
            DiagnosticDescriptors.UnsupportedDialect,
            value,
            SchemaDialects.Of(value) is null
                ? $"{value.Quote()} is not a supported edition of JSON Schema."
                : $"{value.Quote()} is not the edition that the schema's root names.",
            "use `https://json-schema.org/draft/2020-12/schema` or `http://json-schema.org/draft-07/schema#`, at the root");
    }

    /// <summary>False for an inner one: what it names belongs to another document.</summary>
    private static bool TryCompileId(SchemaObject schema)
    {
        if (!schema.Members.TryGetValue("$id", out SyntaxMember member))
        {
            return true;
        }

        if (!schema.Compiler.IsRoot(schema.Node))
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.InnerId, member.Name, "`$id` is only supported at the root of `arguments`.",
                "remove it, or use `$anchor`");
            return false;
        }

        string? id = member.Value.Kind == JsonKind.String ? member.Value.GetString() : null;
        int fragment = id?.IndexOf('#', StringComparison.Ordinal) ?? -1;
        if (string.IsNullOrEmpty(id) || (fragment >= 0 && fragment != id.Length - 1))
        {
            schema.Compiler.InvalidValue(member.Value, "`$id` must be a URI without a fragment.");
            return true;
        }

        schema.Compiler.References.BaseUri = id.TrimEnd('#');
        return true;
    }

    private static void CompileAnchor(SchemaObject schema)
    {
        if (schema.Find("$anchor") is not { } value)
        {
            return;
        }

        string anchor = value.Kind == JsonKind.String ? value.GetString() : "";
        if (!IsAnchor(anchor))
        {
            schema.Compiler.InvalidValue(
                value, "`$anchor` must be a name.", "begin with a letter or `_`, go on with letters, digits, `-`, `_` and `.`");
        }
        else if (!schema.Compiler.References.TryAddAnchor(anchor, schema.Node))
        {
            schema.Compiler.InvalidValue(value, $"The anchor {Quoted.Of(anchor)} stands in this schema twice.", "rename one");
        }
    }

    private static bool IsAnchor(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
