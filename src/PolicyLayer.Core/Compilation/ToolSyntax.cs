using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Conditions;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.Compilation;

/// <summary>What an entry of its own says, before it is joined with what applies to every tool. Parts are made when first needed.</summary>
internal sealed class ToolSyntax(AllToolsRules allTools)
{
    public ToolRisk Risk { get; set; }

    public PathTableBuilder Paths => field ??= new PathTableBuilder(allTools.Paths);

    public SeenRules Seen => field ??= new SeenRules(allTools.Seen);

    public SchemaNode? Arguments { get; set; }

    public RuleNode[] Require { get; set; } = [];

    public RuleNode[] DenyIf { get; set; } = [];

    public LimitList? Limits { get; private set; }

    public LimitList GetLimits() => Limits ??= new LimitList(allTools.Limits);

    /// <summary>The entry. Policies have many that say nothing of their own; all of one risk are one entry.</summary>
    public ToolEntry ToEntry(CompilationContext context) =>
        Arguments is null && Require.Length == 0 && DenyIf.Length == 0 && Limits is null
            ? allTools.PlainEntries[(int)Risk] ??= Join(context)
            : Join(context);

    private ToolEntry Join(CompilationContext context)
    {
        RuleNode[] require = Require.Length == 0 ? allTools.Require : [.. allTools.Require, .. Require];
        RuleNode[] denyIf = DenyIf.Length == 0 ? allTools.DenyIf : [.. allTools.DenyIf, .. DenyIf];
        LimitNode[] limits = Limits is null ? [.. allTools.Limits.Limits] : [.. allTools.Limits.Limits, .. Limits.Limits];
        int[]? amounts = Array.Exists(limits, limit => limit.IncrementFrom is not null)
            ? Array.ConvertAll(limits, limit => limit.IncrementFrom is { } path ? Paths.Add(path) : -1)
            : null;
        Verdict verdict = limits.Length == 0
            ? context.Verdicts.Get(DecisionCode.Allowed, Risk)
            : Verdict.Allow(context.Policy, Risk, new LimitPlan(limits, amounts, context.Verdicts, Risk));
        RuleSet? rules = require.Length + denyIf.Length == 0 ? null : new RuleSet(require, denyIf, Risk);
        return new ToolEntry(verdict, rules is null && amounts is null ? PathTable.Empty : Paths.Build(), Arguments, rules);
    }
}
