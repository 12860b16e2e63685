using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Reads the conditions of one rule, which are counted together whichever list they stand in.</summary>
internal sealed class ConditionReader(RuleTarget target, CompilationContext context)
{
    private int _count;

    /// <summary>A list of conditions; null, and reported, if one of them is none.</summary>
    /// <param name="node">The list.</param>
    /// <param name="help">What helps where it is no list.</param>
    public ConditionList? Read(SyntaxNode node, string help = "write a list of conditions: `[{ … }]`")
    {
        if (!context.Expect(node, JsonKind.Array, help))
        {
            return null;
        }

        var conditions = new List<Condition>();
        bool isWhole = true;
        foreach (SyntaxNode element in node.Elements)
        {
            if (_count++ == context.Options.MaxConditionsPerRule)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.TooManyConditions,
                    element,
                    $"A rule may have at most {context.Options.MaxConditionsPerRule} conditions.");
            }

            if (_count > context.Options.MaxConditionsPerRule)
            {
                return null;
            }

            Condition? condition = ConditionCompiler.Compile(element, target.List, target.Paths, context);
            isWhole &= condition is not null;
            if (condition is not null)
            {
                conditions.Add(condition);
            }
        }

        return isWhole ? new ConditionList([.. conditions]) : null;
    }

    /// <summary>The first of the lists of <c>any</c>; null, and reported, if one of them is none.</summary>
    public RuleAlternative? ReadAny(SyntaxNode node)
    {
        if (!context.Expect(node, JsonKind.Array) || IsEmpty(node, "`any` is empty, so the rule can never hold."))
        {
            return null;
        }

        var lists = new List<ConditionList>();
        bool isWhole = true;
        foreach (SyntaxNode element in node.Elements)
        {
            if (Read(element, "each alternative is a list of conditions: `[[{ … }], [{ … }]]`") is { } list
                && !(list.IsEmpty && IsEmpty(element, "A list without conditions holds of every call.")))
            {
                lists.Add(list);
            }
            else
            {
                isWhole = false;
            }
        }

        RuleAlternative? first = null;
        for (int i = lists.Count - 1; isWhole && i >= 0; i--)
        {
            first = new RuleAlternative(lists[i], first);
        }

        return first;
    }

    private bool IsEmpty(SyntaxNode node, string problem)
    {
        bool isEmpty = node.End == node.Index + 1;
        if (isEmpty)
        {
            context.Findings.Report(DiagnosticDescriptors.EmptyList, node, problem, "write at least one condition, or remove `any`");
        }

        return isEmpty;
    }
}
