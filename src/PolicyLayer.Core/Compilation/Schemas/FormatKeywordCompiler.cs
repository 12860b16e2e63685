using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles <c>format</c>.</summary>
internal static class FormatKeywordCompiler
{
    /// <summary>What says as much as a format does, and is judged.</summary>
    private static readonly string[] Substitutes = ["enum", "const", "pattern"];

    /// <summary>A number's format is offered only in another case: a neighbour may be narrower. None is wider than this one.</summary>
    private static readonly string[] Offered = [.. SchemaFormats.Strings.Keys, "double"];

    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        if (schema.Find("format") is not { } value)
        {
            return;
        }

        if (value.Kind != JsonKind.String)
        {
            schema.Compiler.InvalidValue(value, "`format` must be a string.");
            return;
        }

        string name = value.GetString();
        SchemaExpectation expectation = schema.Expect("format", $"must have the format {Quoted.Of(name)}");
        if (SchemaFormats.Strings.TryGetValue(name, out StringFormat? text))
        {
            rules.Add(SchemaKinds.String, new StringFormatKeyword(expectation, text, SchemaFormats.StepsPerByte(name)));
        }
        else if (SchemaFormats.Numbers.TryGetValue(name, out NumberFormat? number))
        {
            rules.Add(SchemaKinds.Number, new NumberFormatKeyword(expectation, number));
        }
        else
        {
            ReportUnchecked(schema, value, name);
        }
    }

    private static void ReportUnchecked(SchemaObject schema, SyntaxNode value, string name)
    {
        string? substitute = Array.Find(Substitutes, schema.Has);
        if (SchemaFormats.Annotations.Contains(name))
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.UncheckedFormat, value, $"{Quoted.Of(name)} is a note: no text is refused for it.",
                "remove it, or say by `pattern` what is allowed");
        }
        else if (substitute is not null)
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.UncheckedFormat,
                value,
                $"{Quoted.Of(name)} is not a supported format and isn't checked; `{substitute}` beside it is.",
                "remove it");
        }
        else
        {
            schema.Compiler.Report(
                DiagnosticDescriptors.UnknownFormat, value, $"{Quoted.Of(name)} is not a supported format.", () => HelpFor(schema, name));
        }
    }

    private static string HelpFor(SchemaObject schema, string name)
    {
        string lower = name.ToLowerInvariant();
        return lower switch
        {
            "integer" or "number" => $"remove it, and say `\"type\": \"{lower}\"`",
            "iri" or "iri-reference" => SayOtherwise(schema),
            _ when SchemaFormats.Numbers.ContainsKey(lower) => $"did you mean `{lower}`?",
            _ => SyntaxReader.Suggest(name, Offered) ?? SayOtherwise(schema),
        };
    }

    private static string SayOtherwise(SchemaObject schema) =>
        (ValueKeywordCompiler.ReadTypes(schema) & SchemaKinds.String) == 0
            ? "remove it, and say by `minimum` and `maximum` what is allowed"
            : "remove it, or say by `pattern`, `enum` or `const` beside it what is allowed";
}
