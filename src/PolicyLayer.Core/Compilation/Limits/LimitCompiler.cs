using PolicyLayer.Calls;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Compiles <c>limits</c>.</summary>
internal static class LimitCompiler
{
    private static readonly string[] Members =
    [
        "counter", "window", "max", "scope", "increment_from", "count_of", "increment_default", "per", "algorithm", "on_deny",
        "description",
    ];

    // `recent` is for marks: a maximum needs what counts too long rather than too short.
    private static readonly WireNameTable<CounterAlgorithm> Algorithms =
        new((CounterAlgorithm.Fixed, "fixed"), (CounterAlgorithm.Sliding, "sliding"));

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
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader reader))
        {
            return;
        }

        CounterScope? scope = reader.ReadWord("scope", CounterWireNames.Scopes, CounterScope.Grant);
        CounterAlgorithm? algorithm = reader.ReadWord("algorithm", Algorithms, CounterAlgorithm.Fixed);
        AmountSource? amount = AmountCompiler.Compile(reader, context);
        PolicyPath[]? per = ReadPartition(reader, context);
        if (place.IsCommon)
        {
            WarnOfArguments(reader, context);
        }

        string? onDeny = reader.ReadText("on_deny");
        reader.ReadText("description");
        string? name = reader.Require("counter") is { } counter ? context.ReadText(counter, 1, 128) : null;
        CounterWindowLength? window = reader.Require("window") is { } length ? WindowCompiler.OfLimit.Compile(length, context) : null;
        SyntaxNode? max = reader.Require("max");
        long? maximum = max is { } number ? ReadMax(number, context) : null;
        bool isSlidingCalendar = window is { IsCalendar: true } && algorithm == CounterAlgorithm.Sliding;
        if (isSlidingCalendar)
        {
            ReportSlidingCalendar(reader, context);
        }

        if (name is null || window is null || scope is null || algorithm is null || isSlidingCalendar)
        {
            return;
        }

        PartitionSource? partition = per is null ? null : context.Partition(per, foldsCase: true);
        CounterDefinition definition = context.Counter(
            name, scope.Value, window.Value, algorithm.Value, partition: partition);
        var limit = new LimitNode(definition, maximum ?? 0, place, onDeny, amount, partition);
        Add(limit, node, maximum is null ? null : max, limits, context);
    }

    private static PolicyPath[]? ReadPartition(in ObjectReader limit, CompilationContext context)
    {
        PolicyPath[]? paths = null;
        foreach ((_, SyntaxNode value) in limit.Each("per"))
        {
            paths = PartitionCompiler.CompileList(value, context);
        }

        return paths;
    }

    private static void ReportSlidingCalendar(in ObjectReader limit, CompilationContext context) =>
        context.Findings.Report(
            DiagnosticDescriptors.SlidingCalendar,
            limit.Find("algorithm")!.Value,
            "A window of the calendar doesn't slide.",
            "leave `algorithm` out, or give `window` a number of seconds");

    /// <summary>Not every tool has the argument that a limit of all of them reads, and one without it is denied.</summary>
    private static void WarnOfArguments(in ObjectReader limit, CompilationContext context)
    {
        foreach (string member in (ReadOnlySpan<string>)["increment_from", "count_of"])
        {
            foreach ((SyntaxNode name, _) in limit.Each(member))
            {
                WarnOfArgument(name, member, context);
            }
        }

        foreach ((_, SyntaxNode per) in limit.Each("per"))
        {
            WarnOfPath(per, context);
            foreach (SyntaxNode path in per.Elements)
            {
                WarnOfPath(path, context);
            }
        }
    }

    private static void WarnOfPath(SyntaxNode node, CompilationContext context)
    {
        if (node.Kind == JsonKind.String && context.Path(node.GetString(), out _) is { Root: PathRoot.Arguments })
        {
            WarnOfArgument(node, "per", context);
        }
    }

    private static void WarnOfArgument(SyntaxNode node, string member, CompilationContext context) =>
        context.Findings.Report(
            DiagnosticDescriptors.SharedIncrement,
            node,
            $"`{member}` in `all_tools` denies every tool that lacks this argument.",
            "move the limit to the tools that have it");
}
