using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Orders;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Compilation.Tools;

/// <summary>What an entry of its own says, before it is joined with what applies to every tool. Parts are made when first needed.</summary>
internal sealed class ToolSyntax(AllToolsRules allTools, string? key = null)
{
    /// <summary>The entry's key; null for what judges tools without an entry.</summary>
    public string? Key => key;

    public ToolRisk Risk { get; set; }

    public PathTableBuilder Paths => field ??= new PathTableBuilder(allTools.Paths);

    public SeenRules Seen => field ??= new SeenRules(allTools.Seen);

    public SchemaNode? Arguments { get; set; }

    public RuleNode[] Require { get; set; } = [];

    public RuleNode[] DenyIf { get; set; } = [];

    public RuleNode[] ApproveIf { get; set; } = [];

    /// <summary>What every call is told that waits for approval, where the entry asks for all; else null.</summary>
    public Verdict? AlwaysAsked { get; set; }

    /// <summary>What one approval covers.</summary>
    public ApprovalCover Cover { get; set; } = ApprovalCover.One;

    /// <summary>Whether it asks for the approval of calls.</summary>
    public bool AsksApproval => ApproveIf.Length > 0 || AlwaysAsked is not null;

    public LimitList? Limits { get; private set; }

    public OrderList? Orders { get; private set; }

    public RuleTarget Target(RuleList list, string? reason = null) =>
        new(list, Paths, Seen, reason, AllTold: list == RuleList.ApproveIf && Cover.Same.Length > 0);

    public LimitList GetLimits() => Limits ??= allTools.NextLimits();

    public OrderList GetOrders() => Orders ??= new OrderList();

    /// <summary>The entry. Policies have many that say nothing of their own; all of one risk are one entry, which has no key.</summary>
    public ToolEntry ToEntry(CompilationContext context) =>
        Arguments is null && Require.Length == 0 && DenyIf.Length == 0 && Limits is null && Orders is null && !AsksApproval
            ? allTools.PlainEntries[(int)Risk] ??= Join(null, context)
            : Join(key, context);

    private ToolEntry Join(string? entryKey, CompilationContext context)
    {
        CounterPlan? common = allTools.Plan(context);
        IReadOnlyList<OrderNode> orders = Orders?.All ?? [];
        CounterPlan? counting = Limits is { Count: > 0 } || orders.Count > 0
            ? GetLimits().ToPlan(orders, common, Paths, context)
            : common;
        Verdict verdict = context.Verdicts.Get(DecisionCode.Allowed, Risk);
        RuleSet? rules = allTools.RulesBefore(Require, DenyIf);
        bool readsPaths = rules is not null || AsksApproval || counting is { ReadsCalls: true };
        PathTable paths = readsPaths ? Paths.Build(context) : PathTable.Empty;
        context.AsksApproval |= AsksApproval;
        if (!AsksApproval)
        {
            return new ToolEntry(verdict, paths, Arguments, rules, counting, entryKey);
        }

        var approvals = new ApprovalNode(entryKey!, RuleNode.Link(ApproveIf), AlwaysAsked, Cover, paths);
        return new AskingEntry(verdict, paths, Arguments, rules, counting, entryKey, approvals);
    }
}
