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
        if (!context.Expect(node, JsonKind.Object))
        {
            return null;
        }

        SyntaxNode? conditions = null;
        string? onDeny = null;
        string? name = null;
        foreach (SyntaxMember member in node.Members)
        {
            switch (member.Name.Match(Members))
            {
                case "conditions":
                    conditions = member.Value;
                    break;
                case "on_deny":
                    onDeny = context.ReadText(member.Value);
                    break;
                case "name":
                    name = context.ReadText(member.Value);
                    break;
                case "description":
                    context.ReadText(member.Value);
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        if (!context.Require(node, "conditions", conditions) || CompileConditions(conditions.Value, target, context) is not { } compiled)
        {
            return null;
        }

        isRepeated = !target.Seen.Add(target.List, conditions.Value);
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
