using System.Text;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Documents;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Warns of patterns in a list of commands that let any other command run: <c>env *</c>, <c>sh -c *</c>.</summary>
internal static class LauncherPatterns
{
    /// <param name="patterns">A pattern, or a list of them.</param>
    /// <param name="readsPipes">Whether what stands before <c>|</c> may be a command's input.</param>
    /// <param name="context">Where findings go.</param>
    public static void Report(SyntaxNode patterns, bool readsPipes, CompilationContext context)
    {
        ReportOne(patterns, readsPipes, context);
        foreach (SyntaxNode element in patterns.Elements)
        {
            ReportOne(element, readsPipes, context);
        }
    }

    private static void ReportOne(SyntaxNode node, bool readsPipes, CompilationContext context)
    {
        if (node.Kind == JsonKind.String && Launcher.Of(Encoding.UTF8.GetBytes(node.GetString()), readsPipes) is { } launcher)
        {
            bool leaves = Launcher.ChangesDirectory(launcher);
            context.Findings.Report(
                DiagnosticDescriptors.RunsAnyProgram,
                node,
                leaves
                    ? $"{node.Quote()} lets a script leave the working directory, below which `./*` of any command is then no more."
                    : $"{node.Quote()} lets any program run, as `{launcher}` runs what it is given.",
                leaves
                    ? "list the directories that are meant, as in `cd src`"
                    : "list the commands that are meant, with the words that may follow each");
        }
    }
}
