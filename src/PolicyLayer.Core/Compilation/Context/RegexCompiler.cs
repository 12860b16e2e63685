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
    /// <param name="lookAroundHelp">What to write in place of look-arounds, where that isn't a rule.</param>
    public static LinearRegex? Compile(
        SyntaxNode node, DiagnosticDescriptor refused, CompilationContext context, string? lookAroundHelp = null)
    {
        string pattern = node.GetString();
        return IsShort(node, pattern, context)
            ? CompilePart(node, new RegexPart(pattern, false, 0), refused, context, lookAroundHelp)
            : null;
    }

    /// <summary>
    /// Like <see cref="Compile"/>, but look-aheads at the beginning are read, each as a regex of its own, as is the rest behind them;
    /// null, and reported, if one is none.
    /// </summary>
    public static List<(LinearRegex Regex, bool IsExcluded)>? CompileWithLookAheads(
        SyntaxNode node, DiagnosticDescriptor refused, CompilationContext context, string? lookAroundHelp)
    {
        string pattern = node.GetString();
        if (!IsShort(node, pattern, context))
        {
            return null;
        }

        var regexes = new List<(LinearRegex, bool)>();
        foreach (RegexPart part in LeadingLookAheads.Split(pattern) ?? [new RegexPart(pattern, false, 0)])
        {
            if (CompilePart(node, part, refused, context, lookAroundHelp) is not { } regex)
            {
                return null;
            }

            regexes.Add((regex, part.IsExcluded));
        }

        return regexes;
    }

    private static bool IsShort(SyntaxNode node, string pattern, CompilationContext context)
    {
        int max = context.Options.MaxRegexLength;
        if (pattern.Length > max)
        {
            context.Findings.Report(
                DiagnosticDescriptors.RegexTooLong,
                node,
                string.Create(CultureInfo.InvariantCulture, $"The regex has {pattern.Length} characters; {max} are allowed."),
                "split it over several rules");
        }

        return pattern.Length <= max;
    }

    private static LinearRegex? CompilePart(
        SyntaxNode node, RegexPart part, DiagnosticDescriptor refused, CompilationContext context, string? lookAroundHelp)
    {
        RegexCompilation compilation = context.Regexes.Compile(part.Pattern);
        if (compilation.Error is { } error)
        {
            bool isLookAround = part.Pattern.AsSpan(error.Position)
                is ['(', '?', '=' or '!', ..] or ['(', '?', '<', '=' or '!', ..];
            int position = Math.Max(error.Position + part.Shift, 0);
            context.Findings.Report(
                refused,
                node,
                string.Create(CultureInfo.InvariantCulture, $"{error.Message}, at character {position + 1}."),
                isLookAround ? lookAroundHelp ?? error.Help : error.Help);
        }

        return compilation.Regex;
    }
}
