using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Tools;

/// <summary>
/// Warns of patterns that deny but that other patterns take names from: who thinks that a denial always wins thinks of <c>hide</c>. An
/// exact name is an exception that was meant, and <c>*</c> alone speaks of what no other entry matches.
/// </summary>
internal sealed class DenyPatterns
{
    private readonly List<(ToolPattern Pattern, SyntaxNode Name)> _denying = [];
    private readonly List<ToolPattern> _others = [];

    public void Add(ToolPattern pattern, SyntaxNode name, ToolEntry entry)
    {
        if (entry.Verdict.Code != DecisionCode.ActionDeny)
        {
            if (!pattern.IsExact)
            {
                _others.Add(pattern);
            }
        }
        else if (!pattern.IsExact && pattern.Characters > 0)
        {
            _denying.Add((pattern, name));
        }
    }

    public void Report(CompilationContext context)
    {
        foreach ((ToolPattern pattern, SyntaxNode name) in _denying)
        {
            int taker = context.TrySpendLooks(_others.Count) ? _others.FindIndex(other => other.TakesNamesFrom(pattern)) : -1;
            if (taker >= 0)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.DenyPatternLoses,
                    name,
                    $"{Quoted.Of(_others[taker].Text)} wins over {name.Quote()} for names that both match, so those aren't denied.",
                    "put the pattern into `hide`, which always wins");
            }
        }
    }
}
