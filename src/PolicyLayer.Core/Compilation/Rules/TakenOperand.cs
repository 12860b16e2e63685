using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Documents;

namespace PolicyLayer.Compilation.Rules;

/// <summary>Compiles a condition whose operand the same call gives: <c>value_from</c>.</summary>
internal static class TakenOperand
{
    /// <param name="op">The operator; null where it is none, which is reported.</param>
    /// <param name="node">The path of the operand.</param>
    /// <param name="target">What the condition tests.</param>
    /// <param name="paths">The entry's paths.</param>
    /// <param name="context">The compilation.</param>
    public static Condition? Compile(
        string? op, SyntaxNode node, in ConditionTarget target, PathTableBuilder paths, CompilationContext context)
    {
        if (ConditionCompiler.CompilePath(node, context) is not { } path)
        {
            return null;
        }

        if (path.FansOut)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidPath, node, $"{node.Quote()} leads to more than one value, and an operand is one.",
                "name one value; `in` takes a whole array, without `[*]`");
            return null;
        }

        return op is null ? null : Make(op, node, target, new OperandSource(paths.Add(path), path), context);
    }

    private static Condition? Make(
        string op, SyntaxNode node, in ConditionTarget target, OperandSource source, CompilationContext context)
    {
        switch (op)
        {
            case "eq" or "neq":
                return new TakenEquality(target, source, op == "neq");
            case "in" or "not_in":
                return new TakenMembership(target, source, op == "not_in");
            case "contains":
                return new TakenContains(target, source);
            case "regex" or "exists":
                context.Findings.Report(
                    DiagnosticDescriptors.WrongOperand, node, $"`{op}` takes no operand from the call.", "write `value`");
                return null;
            case var _ when TextGrammar.Of(op) is { } grammar:
                return new TakenGrammar(target, source, grammar);
            default:
                return new TakenOrder(target, source, LiteralOperand.OrderOf(op));
        }
    }
}
