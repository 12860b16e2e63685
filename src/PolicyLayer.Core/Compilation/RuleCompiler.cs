using System.Globalization;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Conditions;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation;

/// <summary>Compiles <c>require</c> and <c>deny_if</c>.</summary>
internal static class RuleCompiler
{
    private static readonly string[] Members = ["conditions", "on_deny", "name", "description"];

    public static RuleNode[] Compile(SyntaxNode node, string pointer, RuleMode mode, PathTableBuilder paths, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
        {
            return [];
        }

        var rules = new List<RuleNode>();
        bool isSettled = false;
        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            string rulePointer = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index++}");
            RuleNode? rule = CompileRule(element, rulePointer, mode, paths, context);
            if (rule is null)
            {
                continue;
            }

            if (isSettled || (mode == RuleMode.Require && rule.AlwaysHolds))
            {
                context.Findings.Report(
                    DiagnosticDescriptors.NeverMatters,
                    element,
                    isSettled ? "A rule before this one denies every call." : "A rule without conditions always holds.",
                    "remove the rule, or give it the conditions that were meant");
            }

            isSettled |= mode == RuleMode.DenyIf && rule.AlwaysHolds;
            rules.Add(rule);
        }

        return [.. rules];
    }

    private static RuleNode? CompileRule(
        SyntaxNode node, string pointer, RuleMode mode, PathTableBuilder paths, CompilationContext context)
    {
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

        if (conditions is null)
        {
            context.MissingMember(node, "conditions");
            return null;
        }

        DecisionCode code = mode == RuleMode.Require ? DecisionCode.RequireFailed : DecisionCode.DenyIfMatched;
        return new RuleNode(
            CompileConditions(conditions.Value, mode, paths, context), new Denial(code, context.Policy, pointer, onDeny, name));
    }

    private static Condition[] CompileConditions(SyntaxNode node, RuleMode mode, PathTableBuilder paths, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
        {
            return [];
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
                break;
            }

            if (ConditionCompiler.Compile(element, mode, paths, context) is { } condition)
            {
                conditions.Add(condition);
            }
        }

        return [.. conditions];
    }
}
