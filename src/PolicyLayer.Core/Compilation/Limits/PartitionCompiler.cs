using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Reads paths to the values that tell counters apart: <c>per</c> of a limit, <c>same</c> of an order.</summary>
internal static class PartitionCompiler
{
    private const int MostPaths = 4;

    /// <summary>One path, or a list of up to four; null, and reported, if it is none.</summary>
    public static PolicyPath[]? CompileList(SyntaxNode node, CompilationContext context)
    {
        if (node.Kind != JsonKind.Array)
        {
            return CompileOne(node, context) is { } only ? [only] : null;
        }

        var paths = new List<PolicyPath>();
        int count = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            count++;
            if (CompileOne(element, context) is { } path)
            {
                paths.Add(path);
            }
        }

        if (count is 0 or > MostPaths)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidPartition, node, $"A list of {count} paths tells no counters apart.",
                $"name 1 to {MostPaths}");
        }

        return paths.Count == count && count is >= 1 and <= MostPaths ? [.. paths] : null;
    }

    /// <summary>A path to one value; null, and reported, if it is none.</summary>
    public static PolicyPath? CompileOne(SyntaxNode node, CompilationContext context)
    {
        PolicyPath? path = ConditionCompiler.CompilePath(node, context);
        if (path is null || !(path.FansOut || path.Root == PathRoot.Time))
        {
            return path;
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidPartition,
            node,
            path.FansOut ? $"{node.Quote()} leads to more than one value." : $"{node.Quote()} is another counter whenever it changes.",
            path.FansOut
                ? "name one value, without `[*]`; what is given in a list is best limited to one element by `arguments`"
                : "use a path from `args`, `context`, `grant` or `call`");
        return null;
    }
}
