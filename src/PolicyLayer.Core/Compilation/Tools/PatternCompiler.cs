using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>
/// Reads the tool patterns of one document: exact names, and such with up to eight <c>*</c> of which no two are next to each other.
/// </summary>
internal sealed class PatternCompiler(CompilationContext context)
{
    private const int MaxLength = 128;
    private const int MaxStars = 8;
    private const string Help = "use a tool's exact name, or let up to eight `*` stand for any characters, as in `db_*` or `*_delete_*`";

    private readonly HashSet<string> _names = new(CaseVariants.Comparer);
    private int _wildcards;

    /// <summary>A pattern, given its place and its text; null, and reported, if it is none or one too many.</summary>
    public ToolPattern? Compile(SyntaxNode node, string text)
    {
        if (FindProblem(text) is { } problem)
        {
            context.Findings.Report(DiagnosticDescriptors.InvalidPattern, node, problem, Help);
            return null;
        }

        WarnOfOddCharacters(node, text);
        var pattern = new ToolPattern(text);
        return pattern.IsWildcard && !TryCount(node) ? null : pattern;
    }

    /// <summary>Makes room for so many names.</summary>
    public void Expect(int names) => _names.EnsureCapacity(names);

    /// <summary>Notes what is hidden, for the warning of entries' names. To hide a name in every case may well be meant.</summary>
    public void Remember(ToolPattern hidden) => _names.Add(hidden.Text);

    /// <summary>Warns of an entry whose name was written before, in another case, in either list.</summary>
    public void WarnOfTwins(SyntaxNode name, string text)
    {
        if (!_names.Add(text) && _names.TryGetValue(text, out string? first) && first != text)
        {
            context.Findings.Report(
                DiagnosticDescriptors.NamesDifferByCase,
                name,
                $"{name.Quote()} differs from {Quoted.Of(first)} by case only.",
                "tools are told apart by case: write the name as the server does, once");
        }
    }

    private void WarnOfOddCharacters(SyntaxNode node, string text)
    {
        string? odd = text.AsSpan().IndexOfAny('?', '[') is >= 0 and var at ? $"a `{text[at]}`, which stands for nothing but itself" : null;
        odd ??= text.AsSpan().Trim().Length < text.Length ? "white space around it" : null;
        odd ??= text is ['/', .., '/'] or ['^', ..] or [.., '$'] ? "the look of a regex, and is taken as it stands" : null;
        if (odd is not null)
        {
            context.Findings.Report(
                DiagnosticDescriptors.OddToolName, node, $"{node.Quote()} has {odd}.",
                "use a tool's exact name, or `*` for any characters");
        }
    }

    private static string? FindProblem(string text) => text.Length switch
    {
        0 => "A tool pattern may not be empty.",
        > MaxLength => $"{Quoted.Of(text)} is longer than {MaxLength} characters.",
        _ when text.Contains("**", StringComparison.Ordinal) => $"{Quoted.Of(text)} has two `*` next to each other.",
        _ when text.AsSpan().Count(ToolPattern.Star) > MaxStars => $"{Quoted.Of(text)} has more than eight `*`.",
        _ => null,
    };

    private bool TryCount(SyntaxNode node)
    {
        int max = context.Options.MaxWildcardPatterns;
        if (_wildcards++ == max)
        {
            context.Findings.Report(
                DiagnosticDescriptors.TooManyWildcards,
                node,
                $"A policy may have at most {max} patterns with a `*` elsewhere than only at their end.",
                "use exact names, and patterns with one final `*`");
        }

        return _wildcards <= max;
    }
}
