using System.Globalization;
using PolicyLayer.Documents;
using PolicyLayer.Regexes;

namespace PolicyLayer.Compilation.Context;

/// <summary>Compiles the regexes of conditions and schemas.</summary>
internal static class RegexCompiler
{
    /// <summary>A regex of the dialect, from a string or name; null, and reported, if it is none.</summary>
    /// <param name="node">The pattern.</param>
    /// <param name="refused">The finding for a pattern outside the dialect.</param>
    /// <param name="context">Where findings go, and how long a pattern may be.</param>
    public static LinearRegex? Compile(SyntaxNode node, DiagnosticDescriptor refused, CompilationContext context)
    {
        string pattern = node.GetString();
        int max = context.Options.MaxRegexLength;
        if (pattern.Length > max)
        {
            context.Findings.Report(
                DiagnosticDescriptors.RegexTooLong,
                node,
                string.Create(CultureInfo.InvariantCulture, $"The regex has {pattern.Length} characters; {max} are allowed."),
                "split it over several rules");
            return null;
        }

        RegexCompilation compilation = context.Regexes.Compile(pattern);
        if (compilation.Error is { } error)
        {
            context.Findings.Report(
                refused, node, string.Create(CultureInfo.InvariantCulture, $"{error.Message}, at character {error.Position + 1}."),
                error.Help);
        }

        return compilation.Regex;
    }
}
