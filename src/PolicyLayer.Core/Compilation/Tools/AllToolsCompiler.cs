using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Limits;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Tools;

/// <summary>What applies to every call, beside the tool's own entry.</summary>
internal sealed class AllToolsRules
{
    private LimitPlan? _plan;

    public PathTableBuilder Paths { get; } = new();

    public SeenRules Seen { get; } = new();

    public RuleNode[] Require { get; set; } = [];

    public RuleNode[] DenyIf { get; set; } = [];

    public LimitList Limits { get; } = new();

    /// <summary>The rules of entries that have none of their own; null without any.</summary>
    private RuleSet? RulesAlone => field ??= Rules is null ? null : new RuleSet([], [], Rules);

    private RuleSet? Rules => field ??= Require.Length + DenyIf.Length == 0 ? null : new RuleSet(Require, DenyIf, shared: null);

    /// <summary>The entry of every tool that has no rules of its own, for each risk; made when first needed.</summary>
    public ToolEntry?[] PlainEntries { get; } = new ToolEntry?[(int)ToolRisk.Other + 1];

    /// <summary>An entry's own rules with these before them; null without any.</summary>
    public RuleSet? RulesBefore(RuleNode[] require, RuleNode[] denyIf) =>
        require.Length + denyIf.Length == 0 ? RulesAlone : new RuleSet(require, denyIf, Rules);

    /// <summary>The limits as all entries share them; null without any.</summary>
    public LimitPlan? Plan(CompilationContext context) =>
        Limits.Count == 0 ? null : _plan ??= Limits.ToPlan(common: null, Paths, context);

    /// <summary>Whether no call can pass.</summary>
    public bool DenyEverything => Array.Exists(DenyIf, rule => rule.AlwaysHolds);
}

/// <summary>Compiles <c>all_tools</c>.</summary>
internal static class AllToolsCompiler
{
    private static readonly string[] Members = ["require", "deny_if", "limits"];

    public static AllToolsRules Compile(SyntaxNode? allTools, CompilationContext context)
    {
        var rules = new AllToolsRules();
        SyntaxNode? limits = null;
        if (allTools is not { } node || !context.Expect(node, JsonKind.Object))
        {
            return rules;
        }

        foreach (SyntaxMember member in node.Members)
        {
            switch (member.Name.Match(Members))
            {
                case "require":
                    rules.Require = RuleCompiler.Compile(member.Value, Target(RuleList.Require, rules), context);
                    break;
                case "deny_if":
                    rules.DenyIf = RuleCompiler.Compile(member.Value, Target(RuleList.DenyIf, rules), context);
                    break;
                case "limits":
                    LimitCompiler.Compile(member.Value, toolKey: null, rules.Limits, context);
                    WarnOfIncrements(member.Value, context);
                    limits = member.Name;
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        // Before any entry counts its own paths after these.
        foreach (LimitNode limit in rules.Limits.Limits)
        {
            if (limit.IncrementFrom is { } path)
            {
                rules.Paths.Add(path);
            }
        }

        if (limits is { } name && rules.DenyEverything)
        {
            context.NeverReached(name);
        }

        return rules;
    }

    private static RuleTarget Target(RuleList list, AllToolsRules rules) => new(list, rules.Paths, rules.Seen);

    /// <summary>Not every tool has the argument that the limit counts, and one without it is denied.</summary>
    private static void WarnOfIncrements(SyntaxNode limits, CompilationContext context)
    {
        foreach (SyntaxNode limit in limits.Elements)
        {
            foreach (SyntaxMember member in limit.Members)
            {
                if (member.Name.Match(["increment_from"]) is not null)
                {
                    context.Findings.Report(
                        DiagnosticDescriptors.SharedIncrement,
                        member.Name,
                        "`increment_from` in `all_tools` denies every tool that lacks this argument.",
                        "move the limit to the tools that have it");
                }
            }
        }
    }
}
