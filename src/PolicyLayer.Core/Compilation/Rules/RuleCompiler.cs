using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles <c>require</c> and <c>deny_if</c>.</summary>
internal static class RuleCompiler
{
    private static readonly string[] Members = ["conditions", "on_deny", "name", "description"];

    public static RuleNode[] Compile(SyntaxNode node, RuleTarget target, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
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
            if (WhyItNeverMatters(isSettled, isRedundant, isRepeated) is { } reason)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.NeverMatters, element, reason, "remove the rule, or give it the conditions that were meant");
            }

            isSettled |= !target.List.MustHold && rule.AlwaysHolds;
            rules.Add(rule);
        }

        return [.. rules];
    }

    private static string? WhyItNeverMatters(bool isSettled, bool isRedundant, bool isRepeated) =>
        (isSettled, isRedundant, isRepeated) switch
        {
            (true, _, _) => "A rule before this one denies every call.",
            (_, true, _) => "A rule without conditions always holds.",
            (_, _, true) => "An earlier rule has the same conditions.",
            _ => null,
        };

    private static RuleNode? CompileRule(SyntaxNode node, in RuleTarget target, CompilationContext context, out bool isRepeated)
    {
        isRepeated = false;
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader rule))
        {
            return null;
        }

        string? onDeny = rule.ReadText("on_deny");
        string? name = rule.ReadText("name");
        rule.ReadText("description");
        if (rule.Require("conditions") is not { } conditions || CompileConditions(conditions, target, context) is not { } compiled)
        {
            return null;
        }

        isRepeated = !target.Seen.Add(target.List, conditions);
        return new RuleNode(compiled, onDeny is null && name is null ? null : new RuleWords(onDeny, name));
    }

    /// <summary>The conditions; null, and reported, if one of them is none.</summary>
    private static Condition[]? CompileConditions(SyntaxNode node, in RuleTarget target, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
        {
            return null;
        }

        var conditions = new List<Condition>();
        int count = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            if (count++ == context.Options.MaxConditionsPerRule)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.TooManyConditions,
                    element,
                    $"A rule may have at most {context.Options.MaxConditionsPerRule} conditions.");
                return null;
            }

            if (ConditionCompiler.Compile(element, target.List, target.Paths, context) is { } condition)
            {
                conditions.Add(condition);
            }
        }

        return conditions.Count == count ? [.. conditions] : null;
    }
}
