using System.Globalization;
using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>Compiles <c>minLength</c>, <c>maxLength</c> and <c>pattern</c>.</summary>
internal static class StringKeywordCompiler
{
    private const string LookAroundHelp =
        "use `\"allOf\": [{ \"pattern\": \"…\" }, { \"not\": { \"pattern\": \"…\" } }]`; "
        + "only look-aheads right behind a leading `^` are read, where no `|` follows";

    public static void Compile(SchemaObject schema, SchemaRules rules)
    {
        AddSize(schema, rules, SchemaKinds.String, "minLength", "character");
        AddSize(schema, rules, SchemaKinds.String, "maxLength", "character");
        FormatKeywordCompiler.Compile(schema, rules);
        CompilePattern(schema, rules);
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

    private static void CompilePattern(SchemaObject schema, SchemaRules rules)
    {
        if (schema.Find("pattern") is not { } pattern)
        {
            return;
        }

        if (pattern.Kind != JsonKind.String)
        {
            schema.Compiler.InvalidValue(pattern, "`pattern` must be a string.");
            return;
        }

        SchemaExpectation expectation = schema.Expect("pattern", $"must match {pattern.Quote()}");
        foreach ((LinearRegex regex, bool isExcluded) in RegexCompiler.CompileWithLookAheads(
            pattern, DiagnosticDescriptors.InvalidSchemaPattern, schema.Compiler.Context, LookAroundHelp) ?? [])
        {
            rules.Add(
                SchemaKinds.String,
                isExcluded ? new ExcludedPatternKeyword(expectation, regex) : new PatternKeyword(expectation, regex));
        }
    }
}
