using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Conditions;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.Compilation;

/// <summary>What an entry of its own says, before it is joined with what applies to every tool.</summary>
internal sealed class ToolSyntax(AllToolsRules allTools)
{
    public ToolRisk Risk { get; set; }

    public PathTableBuilder Paths { get; } = new(allTools.Paths);

    public SeenRules Seen { get; } = new(allTools.Seen);

    public SchemaNode? Arguments { get; set; }

    public RuleNode[] Require { get; set; } = [];

    public RuleNode[] DenyIf { get; set; } = [];

    public LimitList Limits { get; } = new(allTools.Limits);

    public ToolEntry ToEntry(CompilationContext context)
    {
        // Entries without rules of their own are many; those of every call are kept once for all of them.
        RuleNode[] require = Require.Length == 0 ? allTools.Require : [.. allTools.Require, .. Require];
        RuleNode[] denyIf = DenyIf.Length == 0 ? allTools.DenyIf : [.. allTools.DenyIf, .. DenyIf];
        LimitNode[] limits = [.. allTools.Limits.Limits, .. Limits.Limits];
        Verdict verdict = limits.Length == 0
            ? context.Verdicts.Get(DecisionCode.Allowed, Risk)
            : Verdict.Allow(context.Policy, Risk, new LimitPlan(limits, Paths, context.Verdicts, Risk));
        return new ToolEntry(
            verdict, Paths.Build(), Arguments, require.Length + denyIf.Length == 0 ? null : new RuleSet(require, denyIf, Risk));
    }
}
