using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Limits;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Compiles <c>limits</c>.</summary>
internal static class LimitCompiler
{
    private static readonly string[] Members =
        ["counter", "window", "max", "scope", "increment_from", "algorithm", "on_deny", "description"];

    private static readonly string[] Planned = ["count_of", "increment_default", "per"];

    /// <param name="node">The list.</param>
    /// <param name="toolKey">The key of the entry that has the list; null for <c>all_tools</c>.</param>
    /// <param name="limits">Where its limits go.</param>
    /// <param name="context">What the compilation shares.</param>
    public static void Compile(SyntaxNode node, string? toolKey, LimitList limits, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
        {
            return;
        }

        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            CompileLimit(element, new LimitPlace(toolKey is null, index++), limits, context);
        }
    }

    /// <summary>
    /// Adds a limit to a list in which its counter may not stand twice, and warns of what it can't have been meant to say.
    /// </summary>
    /// <param name="limit">The limit; where its maximum couldn't be read, with any.</param>
    /// <param name="node">Where it stands.</param>
    /// <param name="max">Where its maximum stands; null when that couldn't be read.</param>
    /// <param name="limits">The list.</param>
    /// <param name="context">What the compilation shares.</param>
    public static void Add(LimitNode limit, SyntaxNode node, SyntaxNode? max, LimitList limits, CompilationContext context)
    {
        if (!limits.TryAdd(limit))
        {
            context.Findings.Report(
                DiagnosticDescriptors.DuplicateCounter,
                node,
                $"This list counts {Quoted.Of(limit.Counter.CounterName)} in the same window and scope twice.",
                "keep the smaller `max`, or use another counter");
        }
        else if (max is not null && limit.MaxMillionths == 0)
        {
            context.Findings.Report(
                DiagnosticDescriptors.MaxZero, max.Value, "A `max` of 0 denies every call.",
                "to deny the tool, use `\"action\": \"deny\"`");
        }
        else if (max is not null && limits.IsImplied(limit))
        {
            context.Findings.Report(
                DiagnosticDescriptors.NeverMatters,
                node,
                $"`all_tools` limits {Quoted.Of(limit.Counter.CounterName)} to as much or less.",
                "lower `max`, or use another counter");
        }
    }

    /// <summary>A maximum in millionths; null, and reported, if it is none.</summary>
    public static long? ReadMax(SyntaxNode node, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Number))
        {
            return null;
        }

        var number = new JsonNumber(node.Raw);
        if (number.TryGetMillionths(out long max) && number.IsMultipleOf(new JsonNumber("0.000001"u8)))
        {
            return max;
        }

        context.Findings.Report(
            DiagnosticDescriptors.MaxOutOfRange,
            node,
            $"{node.Quote()} is out of range.",
            "use a number from 0 to 9007199254 with at most 6 decimals");
        return null;
    }

    private static void CompileLimit(SyntaxNode node, LimitPlace place, LimitList limits, CompilationContext context)
    {
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader reader, Planned))
        {
            return;
        }

        CounterScope? scope = reader.ReadWord("scope", CounterWireNames.Scopes, CounterScope.Grant);
        CounterAlgorithm? algorithm = reader.ReadWord("algorithm", CounterWireNames.Algorithms, CounterAlgorithm.Fixed);
        PolicyPath? incrementFrom = ReadIncrement(reader, place, context);
        string? onDeny = reader.ReadText("on_deny");
        reader.ReadText("description");
        string? name = reader.Require("counter") is { } counter ? context.ReadText(counter, 1, 128) : null;
        int? seconds = reader.Require("window") is { } window ? WindowCompiler.Compile(window, context) : null;
        SyntaxNode? max = reader.Require("max");
        long? maximum = max is { } number ? ReadMax(number, context) : null;
        if (name is null || seconds is null || scope is null || algorithm is null)
        {
            return;
        }

        CounterDefinition definition = context.Counter(name, scope.Value, seconds.Value, algorithm.Value);
        Add(new LimitNode(definition, maximum ?? 0, place, onDeny, incrementFrom), node, maximum is null ? null : max, limits, context);
    }

    private static PolicyPath? ReadIncrement(in ObjectReader limit, LimitPlace place, CompilationContext context)
    {
        PolicyPath? path = null;
        foreach ((SyntaxNode name, SyntaxNode value) in limit.Each("increment_from"))
        {
            path = ReadIncrement(value, context);
            if (place.IsCommon)
            {
                // Not every tool has the argument that the limit counts, and one without it is denied.
                context.Findings.Report(
                    DiagnosticDescriptors.SharedIncrement,
                    name,
                    "`increment_from` in `all_tools` denies every tool that lacks this argument.",
                    "move the limit to the tools that have it");
            }
        }

        return path;
    }

    private static PolicyPath? ReadIncrement(SyntaxNode node, CompilationContext context)
    {
        PolicyPath? path = ConditionCompiler.CompilePath(node, context);
        if (path is null || (path.Root == PathRoot.Arguments && !path.FansOut))
        {
            return path;
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidIncrement, node, $"{node.Quote()} doesn't lead to one argument.",
            "use a path from `args` without `[*]`");
        return null;
    }
}
