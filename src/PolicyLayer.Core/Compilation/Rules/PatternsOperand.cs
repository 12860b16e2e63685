using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles the patterns of an operator of meaning: a string, or an array of strings.</summary>
internal static class PatternsOperand
{
    /// <summary>The patterns, decoded; null, and reported, if one of them can't be read.</summary>
    public static TextList? Read(SyntaxNode node, TextGrammar grammar, CompilationContext context)
    {
        var patterns = new TextList();
        if (node.Kind != JsonKind.Array)
        {
            return Add(node, "a string or an array of strings", grammar, patterns, context) ? patterns : null;
        }

        bool areRead = true;
        foreach (SyntaxNode element in node.Elements)
        {
            areRead &= Add(element, "strings in its array", grammar, patterns, context);
        }

        if (node.End == node.Index + 1)
        {
            context.Findings.Report(
                DiagnosticDescriptors.EmptyList, node, "The list is empty, so nothing can ever be in it.", "name at least one value");
            return null;
        }

        return areRead ? patterns : null;
    }

    private static bool Add(SyntaxNode node, string expected, TextGrammar grammar, TextList patterns, CompilationContext context)
    {
        if (node.Kind != JsonKind.String)
        {
            context.Findings.Report(
                DiagnosticDescriptors.WrongOperand,
                node,
                $"`{grammar.Operator}` takes {expected}, not {SyntaxReader.Describe(node.Kind)}.");
            return false;
        }

        ReadOnlySpan<byte> pattern = patterns.Add(node.Value.String);
        if (grammar.FindProblem(pattern) is { } problem)
        {
            context.Findings.Report(
                DiagnosticDescriptors.GrammarRefused,
                node,
                $"`{grammar.Operator}` can't read the pattern {node.Quote()}: {problem}.",
                pattern.Contains((byte)'*') ? HelpWithStar(grammar.Operator) : null);
            return false;
        }

        if (grammar.Operator == "within" && pattern.Contains((byte)'*'))
        {
            context.Findings.Report(
                DiagnosticDescriptors.TakenLiterally, node, $"The `*` in {node.Quote()} stands for nothing but itself.",
                "name the directory alone: all that lies below it is meant");
        }

        if (grammar.TakesAnyProgram(pattern))
        {
            context.Findings.Report(
                DiagnosticDescriptors.AnyProgram, node, $"The pattern {node.Quote()} takes any program.",
                "name the program before it, as in `git status` or `ls ./*`");
        }

        return true;
    }

    private static string HelpWithStar(string op) => op switch
    {
        "within" => "name a directory: all that lies below it is meant",
        "url_in" => "`*.` stands only before a host's name, for all names below it; a path is a directory, for all below it",
        "email_in" => "`*.` stands only after `@`, for all domains below one; `@example.com` is any address of the domain",
        _ => "`*`, `./*` and `**` stand only as the last word, for further words",
    };
}
