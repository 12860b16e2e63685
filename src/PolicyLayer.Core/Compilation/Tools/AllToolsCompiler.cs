using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;

namespace PolicyLayer.Compilation.Tools;

/// <summary>What applies to every call, beside the tool's own entry.</summary>
internal sealed class AllToolsRules
{
    private CounterPlan? _plan;
    private LimitList? _next;

    public PathTableBuilder Paths { get; } = new();

    public SeenRules Seen { get; } = new();

    public RuleNode[] Require { get; set; } = [];

    public RuleNode[] DenyIf { get; set; } = [];

    public LimitList Limits { get; } = new();

    /// <summary>
    /// The list of the entry that is being compiled, empty as yet. INVARIANT: entries are compiled one after another, and a plan keeps
    /// nothing of the list that it is made of; so they have one list together.
    /// </summary>
    public LimitList NextLimits()
    {
        _next ??= new LimitList(Limits);
        _next.Clear();
        return _next;
    }

    /// <summary>The rules of entries that have none of their own; null without any.</summary>
    private RuleSet? RulesAlone => field ??= Rules is null ? null : new RuleSet(null, null, Rules);

    private RuleSet? Rules => field ??= Require.Length + DenyIf.Length == 0 ? null : Set(Require, DenyIf, shared: null);

    /// <summary>The entry of every tool that has no rules of its own, for each risk; made when first needed.</summary>
    public ToolEntry?[] PlainEntries { get; } = new ToolEntry?[(int)ToolRisk.Other + 1];

    /// <summary>An entry's own rules with these before them; null without any.</summary>
    public RuleSet? RulesBefore(RuleNode[] require, RuleNode[] denyIf) =>
        require.Length + denyIf.Length == 0 ? RulesAlone : Set(require, denyIf, Rules);

    private static RuleSet Set(RuleNode[] require, RuleNode[] denyIf, RuleSet? shared) =>
        new(RuleNode.Link(require), RuleNode.Link(denyIf), shared);

    /// <summary>The limits as all entries share them; null without any.</summary>
    public CounterPlan? Plan(CompilationContext context) =>
        Limits.Count == 0 ? null : _plan ??= Limits.ToPlan([], common: null, Paths, context);

    /// <summary>Whether no call can pass.</summary>
    public bool DenyEverything => Array.Exists(DenyIf, rule => rule.AlwaysHolds);
}

/// <summary>Compiles <c>all_tools</c>.</summary>
internal static class AllToolsCompiler
{
    private static readonly string[] Members = ["require", "deny_if", "limits"];

    private const string OfAnEntry = "put it into the tool's entry, or into `\"*\"`, which matches the tools without one of their own";

    private static readonly (string Name, string Help)[] Misplaced =
        [("action", OfAnEntry), ("approve_if", OfAnEntry), ("approval", OfAnEntry)];

    public static AllToolsRules Compile(SyntaxNode? allTools, CompilationContext context)
    {
        var rules = new AllToolsRules();
        if (allTools is not { } node || !ObjectReader.TryRead(node, Members, context, out ObjectReader reader, misplaced: Misplaced))
        {
            return rules;
        }

        foreach ((_, SyntaxNode list) in reader.Each("require"))
        {
            rules.Require = RuleCompiler.Compile(list, Target(RuleList.Require, rules), context);
            RuleWarnings.Report(list, RuleList.Require, arguments: null, context);
        }

        foreach ((_, SyntaxNode list) in reader.Each("deny_if"))
        {
            rules.DenyIf = RuleCompiler.Compile(list, Target(RuleList.DenyIf, rules), context);
            RuleWarnings.Report(list, RuleList.DenyIf, arguments: null, context);
        }

        foreach ((_, SyntaxNode list) in reader.Each("limits"))
        {
            LimitCompiler.Compile(list, toolKey: null, rules.Limits, context);
        }

        // Before any entry counts its own paths after these.
        foreach (LimitNode limit in rules.Limits.All)
        {
            UseInput.Of(limit, rules.Paths.Add);
        }

        if (rules.DenyEverything && reader.FindMember("limits") is { } limits)
        {
            context.NeverReached(limits.Name);
        }

        return rules;
    }

    private static RuleTarget Target(RuleList list, AllToolsRules rules) => new(list, rules.Paths, rules.Seen);
}
