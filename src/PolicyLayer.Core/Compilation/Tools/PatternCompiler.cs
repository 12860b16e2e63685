using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>Reads tool patterns: an exact name, or a prefix and one final <c>*</c>.</summary>
internal static class PatternCompiler
{
    private const int MaxLength = 128;

    /// <summary>A pattern, given its place and its text; null, and reported, if it is none.</summary>
    public static ToolPattern? Compile(SyntaxNode node, string text, CompilationContext context)
    {
        int star = text.IndexOf('*', StringComparison.Ordinal);
        if (FindProblem(text, star) is { } problem)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidPattern, node, problem, "use a tool's exact name, or a prefix and one final `*`");
            return null;
        }

        return star < 0 ? new ToolPattern(text, IsPrefix: false) : new ToolPattern(text[..^1], IsPrefix: true);
    }

    private static string? FindProblem(string text, int star) => text.Length switch
    {
        0 => "A tool pattern may not be empty.",
        > MaxLength => $"{Quoted.Of(text)} is longer than {MaxLength} characters.",
        _ when star >= 0 && star < text.Length - 1 => $"{Quoted.Of(text)} has a `*` elsewhere than at its end.",
        _ => null,
    };
}
