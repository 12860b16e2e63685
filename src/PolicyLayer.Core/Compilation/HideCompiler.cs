using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation;

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
        var seen = new HashSet<ToolPattern>();
        foreach (SyntaxNode element in node.Elements)
        {
            // A bad element still takes its place, so that the others keep their pointers.
            ToolPattern? pattern = null;
            if (context.Expect(element, JsonKind.String) && PatternCompiler.Compile(element, context) is { } compiled)
            {
                pattern = compiled;
                if (!seen.Add(compiled))
                {
                    context.Findings.Report(
                        DiagnosticDescriptors.DuplicateHide, element, $"{Quoted.Of(element)} is hidden already.", "remove one");
                }
            }

            patterns.Add(pattern);
        }

        return patterns.Count == 0 ? null : new HideRules(patterns);
    }
}
