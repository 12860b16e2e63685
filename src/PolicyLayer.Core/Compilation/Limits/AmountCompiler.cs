using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Reads where the amount of a limit stands: <c>increment_from</c> or <c>count_of</c>, with <c>increment_default</c>.</summary>
internal static class AmountCompiler
{
    private static readonly string[] Sources = ["increment_from", "count_of"];

    /// <summary>The source of the amount; null to count calls, or where what is written is none, which is reported.</summary>
    public static AmountSource? Compile(in ObjectReader limit, CompilationContext context)
    {
        AmountSource? source = null;
        long? standIn = ReadDefault(limit, context);
        foreach (string member in Sources)
        {
            foreach ((_, SyntaxNode value) in limit.Each(member))
            {
                bool counts = member == "count_of";
                source = ReadPath(value, counts, context) is { } path ? new AmountSource(path, counts, standIn) : null;
            }
        }

        (SyntaxMember? sum, SyntaxMember? count) = (limit.FindMember("increment_from"), limit.FindMember("count_of"));
        if (sum is not null && count is { } second)
        {
            context.Findings.Report(
                DiagnosticDescriptors.TwoAmounts, second.Name, "`increment_from` and `count_of` are two amounts of one limit.",
                "keep one of them, or make two limits");
        }

        if (sum is null && count is null && limit.FindMember("increment_default") is { } alone)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DefaultWithoutAmount, alone.Name, "`increment_default` stands in for an amount, and there is none.",
                "add `increment_from` or `count_of`, or remove it");
        }

        return source;
    }

    private static long? ReadDefault(in ObjectReader limit, CompilationContext context)
    {
        long? standIn = null;
        foreach ((_, SyntaxNode value) in limit.Each("increment_default"))
        {
            standIn = LimitCompiler.ReadMax(value, context);
        }

        return standIn;
    }

    private static PolicyPath? ReadPath(SyntaxNode node, bool counts, CompilationContext context)
    {
        PolicyPath? path = ConditionCompiler.CompilePath(node, context);
        if (path is null || (path.Root == PathRoot.Arguments && (!counts || path.Steps[^1].IsAllElements)))
        {
            return path;
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidIncrement,
            node,
            path.Root == PathRoot.Arguments ? $"{node.Quote()} doesn't lead to elements." : $"{node.Quote()} doesn't lead to an argument.",
            path.Root == PathRoot.Arguments ? "end it with `[*]`, as in `args.recipients[*]`" : "use a path from `args`");
        return null;
    }
}
