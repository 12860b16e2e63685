using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLayer.Tests.Architecture;

/// <summary>What no analyzer of the framework holds.</summary>
public sealed class HouseRulesTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 400;

    public static TheoryData<string> Folders => ["src", "tests", "benchmarks"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_line_has_at_most_140_columns(string folder) =>
        Rule.Holds(
            from file in Repository.SourcesIn(folder)
            from line in File.ReadLines(Path.Combine(Repository.Root, folder, file)).Index()
            where line.Item.Length > MaxColumns
            select $"{file}:{line.Index + 1} has {line.Item.Length}");

    [Fact]
    public void A_source_file_has_at_most_400_lines() =>
        Rule.Holds(
            from file in Repository.SourcesIn("src")
            let lines = File.ReadLines(Path.Combine(Repository.Root, "src", file)).Count()
            where lines > MaxLines
            select $"{file} has {lines}");

    [Fact]
    public void No_conditional_expression_stands_in_another() =>
        Rule.Holds(
            from file in Repository.SourcesIn("src")
            let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Root, "src", file)))
            from inner in tree.GetRoot().DescendantNodes().OfType<ConditionalExpressionSyntax>()
            where IsNested(inner)
            select $"{file}:{inner.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");

    private static bool IsNested(ConditionalExpressionSyntax inner) =>
        inner.Ancestors()
            .TakeWhile(node => node is ExpressionSyntax and not LambdaExpressionSyntax)
            .Any(node => node is ConditionalExpressionSyntax);
}
