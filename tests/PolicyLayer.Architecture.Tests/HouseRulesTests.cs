using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLayer.Tests.Architecture;

/// <summary>What no analyzer of the framework holds.</summary>
public sealed class HouseRulesTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 400;
    private const int MaxMethodLines = 50;

    /// <summary>What is longer today, by file and method. The list may only shrink.</summary>
    private static readonly HashSet<string> LongMethods = ["JsonScanner.ScanMembers", "RedisScripts.ReserveBy"];

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

    [Fact]
    public void A_method_has_at_most_50_lines()
    {
        Dictionary<string, int> longer = Repository.SourcesIn("src")
            .SelectMany(MethodsIn)
            .Where(method => method.Lines > MaxMethodLines)
            .GroupBy(method => method.Name, method => method.Lines)
            .ToDictionary(method => method.Key, method => method.Max());
        Rule.Holds(
        [
            .. longer.Where(method => !LongMethods.Contains(method.Key)).Select(method => $"{method.Key} has {method.Value}"),
            .. LongMethods.Where(name => !longer.ContainsKey(name)).Select(name => $"{name} is no longer long: take it off the list"),
        ]);
    }

    /// <summary>All that has a body of its own, with the lines from its head to its end.</summary>
    private static IEnumerable<(string Name, int Lines)> MethodsIn(string file)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Root, "src", file))).GetRoot();
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            string? name = node switch
            {
                MethodDeclarationSyntax method => method.Identifier.Text,
                ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
                LocalFunctionStatementSyntax local => local.Identifier.Text,
                OperatorDeclarationSyntax @operator => @operator.OperatorToken.Text,
                AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
                _ => null,
            };
            if (name is not null)
            {
                yield return ($"{Path.GetFileNameWithoutExtension(file)}.{name}", LinesOf(node));
            }
        }
    }

    /// <summary>Without the comments before it.</summary>
    private static int LinesOf(SyntaxNode node)
    {
        FileLinePositionSpan lines = node.SyntaxTree.GetLineSpan(node.Span);
        return lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1;
    }

    private static bool IsNested(ConditionalExpressionSyntax inner) =>
        inner.Ancestors()
            .TakeWhile(node => node is ExpressionSyntax and not LambdaExpressionSyntax)
            .Any(node => node is ConditionalExpressionSyntax);
}
