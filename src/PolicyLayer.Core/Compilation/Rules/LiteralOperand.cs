using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles a condition whose operand the policy gives: <c>value</c>.</summary>
internal static class LiteralOperand
{
    public static Condition? Compile(string op, SyntaxNode value, in ConditionTarget target, CompilationContext context)
    {
        switch (op)
        {
            case "eq" or "neq":
                return new EqualityCondition(target, PolicyValue.Of(value.Value), op == "neq");
            case "contains":
                return new ContainsCondition(target, PolicyValue.Of(value.Value));
            case "in" or "not_in":
                return ReadList(value, op, context) is { } list ? CompileList(list, op == "not_in", target) : null;
            case "regex":
                return ReadRegex(value, context) is { } regex ? new RegexCondition(target, regex) : null;
            case "exists":
                return ExpectOperand(value, value.Kind.IsBoolean(), op, "`true` or `false`", context)
                    ? new ExistsCondition(target, value.Kind == JsonKind.True)
                    : null;
            case var _ when TextGrammar.Of(op) is { } grammar:
                return PatternsOperand.Read(value, grammar, context) is { } patterns
                    ? new GrammarCondition(target, grammar, patterns)
                    : null;
            default:
                return ExpectOperand(value, value.Kind == JsonKind.Number, op, "a number", context)
                    ? new OrderCondition(target, OrderOf(op), new StoredNumber(value.Raw))
                    : null;
        }
    }

    /// <summary>What an operator of order asks.</summary>
    public static NumericOperator OrderOf(string op) => op switch
    {
        "lt" => NumericOperator.Less,
        "lte" => NumericOperator.LessOrEqual,
        "gt" => NumericOperator.Greater,
        _ => NumericOperator.GreaterOrEqual,
    };

    /// <summary>A list of one means what equality with it does, and takes less.</summary>
    private static Condition CompileList(PolicyValue[] values, bool isNegated, ConditionTarget target) =>
        values.Length == 1
            ? new EqualityCondition(target, values[0], isNegated, isList: true)
            : new MembershipCondition(target, values, isNegated);

    private static PolicyValue[]? ReadList(SyntaxNode node, string op, CompilationContext context)
    {
        if (!ExpectOperand(node, node.Kind == JsonKind.Array, op, "an array", context))
        {
            return null;
        }

        var values = new List<PolicyValue>();
        foreach (SyntaxNode element in node.Elements)
        {
            values.Add(PolicyValue.Of(element.Value));
        }

        if (node.End == node.Index + 1)
        {
            context.Findings.Report(
                DiagnosticDescriptors.EmptyList, node, "The list is empty, so nothing can ever be in it.", "name at least one value");
            return null;
        }

        if (values.Exists(value => !value.Kind.IsSameKindAs(values[0].Kind)))
        {
            context.Findings.Report(
                DiagnosticDescriptors.MixedKinds, node, "The list mixes kinds; an argument equals only elements of its own kind.",
                "use one kind");
        }

        return [.. values];
    }

    private static LinearRegex? ReadRegex(SyntaxNode node, CompilationContext context) =>
        ExpectOperand(node, node.Kind == JsonKind.String, "regex", "a string", context)
            ? RegexCompiler.Compile(node, DiagnosticDescriptors.RegexRefused, context)
            : null;

    private static bool ExpectOperand(SyntaxNode node, bool isRight, string op, string expected, CompilationContext context)
    {
        if (!isRight)
        {
            context.Findings.Report(
                DiagnosticDescriptors.WrongOperand, node, $"`{op}` takes {expected}, not {SyntaxReader.Describe(node.Kind)}.");
        }

        return isRight;
    }
}
