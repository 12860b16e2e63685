using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles <c>require</c>, <c>deny_if</c> and <c>approve_if</c>.</summary>
internal static class RuleCompiler
{
    private static readonly string[] Members = ["conditions", "any", "on_deny", "name", "description"];

    private static readonly string[] MembersOfApproval = ["conditions", "any", "reason", "name", "description"];

    public static RuleNode[] Compile(SyntaxNode node, RuleTarget target, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array, "write a list of rules: `[{ \"conditions\": [ … ] }]`"))
        {
            return [];
        }

        var rules = new List<RuleNode>();
        bool isSettled = false;
        foreach (SyntaxNode element in node.Elements)
        {
            RuleNode? rule = CompileRule(element, target, context, out bool isRepeated);
            if (rule is null)
            {
                continue;
            }

            bool isRedundant = target.List.MustHold && rule.AlwaysHolds;
            if (WhyItNeverMatters(target.List, isSettled, isRedundant, isRepeated) is { } reason)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.NeverMatters, element, reason, "remove the rule, or give it the conditions that were meant");
            }

            isSettled |= !target.List.MustHold && rule.AlwaysHolds && !target.AllTold;
            rules.Add(rule);
        }

        return [.. rules];
    }

    private static string? WhyItNeverMatters(RuleList list, bool isSettled, bool isRedundant, bool isRepeated) =>
        (isSettled, isRedundant, isRepeated) switch
        {
            (true, _, _) when list == RuleList.ApproveIf =>
                "A rule before this one asks for approval of every call, so that nobody is told of this one.",
            (true, _, _) => "A rule before this one denies every call.",
            (_, true, _) => "A rule without conditions always holds.",
            (_, _, true) => "An earlier rule has the same conditions.",
            _ => null,
        };

    private static RuleNode? CompileRule(SyntaxNode node, in RuleTarget target, CompilationContext context, out bool isRepeated)
    {
        isRepeated = false;
        bool asks = target.List == RuleList.ApproveIf;
        if (!ObjectReader.TryRead(node, asks ? MembersOfApproval : Members, context, out ObjectReader rule))
        {
            return null;
        }

        string? words = asks ? rule.ReadText("reason") ?? target.Reason : rule.ReadText("on_deny");
        string? name = rule.ReadText("name");
        rule.ReadText("description");
        if (CompileConditions(rule, node, target, context) is not { } compiled)
        {
            return null;
        }

        isRepeated = !target.Seen.Add(target.List, rule.Find("conditions"), rule.Find("any"));
        RuleWords? told = words is null && name is null ? null : new RuleWords(words, name);
        return new RuleNode(compiled.Conditions, compiled.Any, told);
    }

    /// <summary>The conditions and the lists of <c>any</c>; null, and reported, if one of them is none.</summary>
    private static (ConditionList Conditions, RuleAlternative? Any)? CompileConditions(
        in ObjectReader rule, SyntaxNode node, in RuleTarget target, CompilationContext context)
    {
        var reader = new ConditionReader(target, context);
        SyntaxNode? conditions = rule.Find("conditions");
        SyntaxNode? any = rule.Find("any");
        if (conditions is null && any is null)
        {
            context.MissingMember(
                node, "conditions",
                "a rule has a list of them: `{ \"conditions\": [{ \"path\": \"args.x\", \"op\": \"eq\", \"value\": 1 }] }`");
            return null;
        }

        ConditionList? all = conditions is null ? default(ConditionList) : reader.Read(conditions.Value);
        RuleAlternative? alternatives = any is null ? null : reader.ReadAny(any.Value);
        return all is null || (any is not null && alternatives is null) ? null : (all.Value, alternatives);
    }
}
