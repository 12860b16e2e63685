using System.Globalization;
using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles <c>minLength</c>, <c>maxLength</c>, <c>pattern</c> and <c>format</c>.</summary>
internal static class StringKeywordCompiler
{
    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        AddSize(schema, rules, SchemaKinds.String, "minLength", "character");
        AddSize(schema, rules, SchemaKinds.String, "maxLength", "character");
        CompileFormat(schema, rules);
        if (schema.Find("pattern") is { } pattern && CompilePattern(pattern, schema.Compiler) is { } regex)
        {
            rules.Add(SchemaKinds.String, new PatternKeyword(schema.Expect("pattern", $"must match {pattern.Quote()}"), regex));
        }
    }

    /// <summary>Adds a bound on a size: of a string, an array or an object.</summary>
    public static void AddSize(SchemaObject schema, SchemaRules rules, SchemaKinds kind, string keyword, string unit)
    {
        if (schema.FindSize(keyword) is { } limit)
        {
            bool isMaximum = keyword.StartsWith("max", StringComparison.Ordinal);
            rules.Add(kind, new SizeKeyword(schema.Expect(keyword, DescribeSize(limit, isMaximum, unit)), limit, isMaximum));
        }
    }

    public static string DescribeSize(int limit, bool isMaximum, string unit) => string.Create(
        CultureInfo.InvariantCulture, $"must have at {(isMaximum ? "most" : "least")} {limit} {unit}{(limit == 1 ? "" : "s")}");

    /// <summary>A regex of the dialect, from a string or a name; null, and reported, if it is none.</summary>
    public static LinearRegex? CompilePattern(SyntaxNode pattern, SchemaCompiler compiler)
    {
        if (pattern.Kind is not (JsonKind.String or JsonKind.Name))
        {
            compiler.InvalidValue(pattern, "`pattern` must be a string.");
            return null;
        }

        return RegexCompiler.Compile(pattern, DiagnosticDescriptors.InvalidSchemaPattern, compiler.Context);
    }

    private static void CompileFormat(SchemaObject schema, SchemaRules rules)
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
            schema.Compiler.Report(
                DiagnosticDescriptors.UnknownFormat,
                value,
                $"{Quoted.Of(name)} is not a supported format.",
                () => Spelling.Suggest(name, [.. SchemaFormats.Strings.Keys, .. SchemaFormats.Numbers.Keys])
                    ?? "remove it, or use `pattern`");
        }
    }
}
