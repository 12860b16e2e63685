using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Tools;

/// <summary>Compiles <c>tools</c> and what judges the tools that it doesn't list.</summary>
internal static class ToolsCompiler
{
    public static ListedTools Compile(
        SyntaxNode? tools, PatternCompiler patterns, HideRules? hidden, SharedParts shared, CompilationContext context)
    {
        int expected = tools is { } all ? Math.Min(all.Members.Count(), context.Options.MaxTools) : 0;
        var listed = new ListedTools(expected);
        patterns.Expect(expected);
        var denying = new DenyPatterns();
        if (tools is { } node && context.Expect(node, JsonKind.Object, "write the tools' names as members: `{ \"run_code\": {} }`"))
        {
            int count = 0;
            foreach (SyntaxMember member in node.Members)
            {
                if (count++ == context.Options.MaxTools)
                {
                    context.Findings.Report(
                        DiagnosticDescriptors.TooManyTools, member.Name, $"A policy may list at most {context.Options.MaxTools} tools.");
                    break;
                }

                if (shared.AllTools.DenyEverything)
                {
                    context.NeverReached(member.Name);
                }

                string key = member.Name.GetString();
                ToolPattern? pattern = patterns.Compile(member.Name, key);
                ToolEntry entry = ToolCompiler.Compile(key, member.Value, shared, context);
                if (pattern is { } valid)
                {
                    listed.Add(valid, entry);
                    patterns.WarnOfTwins(member.Name, key);
                    if (!WarnIfHidden(member.Name, valid, hidden, context))
                    {
                        denying.Add(valid, member.Name, entry);
                    }
                }
            }
        }

        if (!shared.AllTools.DenyEverything)
        {
            denying.Report(context);
        }

        return listed;
    }

    /// <summary>What judges tools that no entry matches.</summary>
    public static ToolEntry Unmatched(bool deniesByDefault, AllToolsRules allTools, CompilationContext context) =>
        deniesByDefault
            ? new ToolEntry(Verdict.Deny(DecisionCode.NotListed, context.Policy, ToolRisk.Unspecified, PolicyPlaces.Default))
            : new ToolSyntax(allTools).ToEntry(context);

    /// <summary>Whether all that an entry matches is hidden; and reported.</summary>
    private static bool WarnIfHidden(SyntaxNode name, ToolPattern pattern, HideRules? hidden, CompilationContext context)
    {
        bool isHidden = hidden is not null && context.TrySpendLooks(hidden.Wildcards) && hidden.Covers(pattern);
        if (isHidden)
        {
            context.Findings.Report(
                DiagnosticDescriptors.HiddenAndListed, name, $"{name.Quote()} is hidden, so this entry never matters.",
                "remove it here or from `hide`");
        }

        return isHidden;
    }
}
