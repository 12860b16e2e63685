using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>Compiles <c>hide</c>.</summary>
internal static class HideCompiler
{
    public static HideRules? Compile(SyntaxNode? hide, CompilationContext context)
    {
        if (hide is not { } node || !context.Expect(node, JsonKind.Array))
        {
            return null;
        }

        var patterns = new List<ToolPattern?>();
        var places = new List<SyntaxNode>();
        var seen = new HashSet<ToolPattern>();
        foreach (SyntaxNode element in node.Elements)
        {
            // A bad element still takes its place, so that the others keep their pointers.
            ToolPattern? pattern = null;
            if (context.Expect(element, JsonKind.String) && PatternCompiler.Compile(element, element.GetString(), context) is { } compiled)
            {
                pattern = compiled;
                if (!seen.Add(compiled))
                {
                    context.Findings.Report(
                        DiagnosticDescriptors.DuplicateHide, element, $"{element.Quote()} is hidden already.", "remove one");
                }
            }

            patterns.Add(pattern);
            places.Add(element);
        }

        WarnOfCovered(patterns, places, context);

        return patterns.Count == 0 ? null : new HideRules(patterns);
    }

    /// <summary>A pattern hides nothing where a broader one of the list does.</summary>
    private static void WarnOfCovered(List<ToolPattern?> patterns, List<SyntaxNode> places, CompilationContext context)
    {
        HashSet<string> prefixes =
            patterns.Where(pattern => pattern is { IsPrefix: true }).Select(pattern => pattern!.Value.Text).ToHashSet();
        if (prefixes.Count == 0)
        {
            return;
        }

        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < patterns.Count; i++)
        {
            if (patterns[i] is { } pattern && FindBroader(pattern, lookup) is { } broader)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.NeverMatters,
                    places[i],
                    $"{places[i].Quote()} is hidden by {Quoted.Of(broader + "*")} already.",
                    "remove it");
            }
        }
    }

    private static string? FindBroader(ToolPattern pattern, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> prefixes)
    {
        int longest = pattern.IsPrefix ? pattern.Text.Length - 1 : pattern.Text.Length;
        for (int length = 0; length <= longest; length++)
        {
            if (prefixes.TryGetValue(pattern.Text.AsSpan(0, length), out string? broader))
            {
                return broader;
            }
        }

        return null;
    }
}
