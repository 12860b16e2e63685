using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>Compiles <c>hide</c>.</summary>
internal static class HideCompiler
{
    public static HideRules? Compile(SyntaxNode? hide, PatternCompiler compiler, CompilationContext context)
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
            if (context.Expect(element, JsonKind.String) && compiler.Compile(element, element.GetString()) is { } compiled)
            {
                pattern = compiled;
                compiler.Remember(compiled);
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
        ToolPattern[] broader = [.. patterns.OfType<ToolPattern>().Where(pattern => !pattern.IsExact).Distinct()];
        if (broader.Length == 0)
        {
            return;
        }

        // Of those with one head, a broader pattern has fewer characters, or as many and more `*`.
        var table = new PatternTable<ToolPattern>(broader
            .OrderBy(pattern => pattern.Characters).ThenByDescending(pattern => pattern.Text.Length)
            .Select(pattern => KeyValuePair.Create(pattern, pattern)));
        int looks = 1 + broader.Count(pattern => pattern.IsWildcard);
        for (int i = 0; i < patterns.Count && context.TrySpendLooks(looks); i++)
        {
            if (patterns[i] is { } pattern && FindBroader(pattern, table) is { } found)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.NeverMatters,
                    places[i],
                    $"{places[i].Quote()} is hidden by {Quoted.Of(found.Text)} already.",
                    "remove it");
            }
        }
    }

    private static ToolPattern? FindBroader(ToolPattern pattern, PatternTable<ToolPattern> table)
    {
        PatternTable<ToolPattern>.Matches matches = table.Find(pattern.Text);
        while (matches.MoveNext())
        {
            if (matches.Current != pattern)
            {
                return matches.Current;
            }
        }

        return null;
    }
}
