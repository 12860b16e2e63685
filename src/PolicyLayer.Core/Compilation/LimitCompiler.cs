using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation;

/// <summary>Compiles <c>limits</c>.</summary>
internal static class LimitCompiler
{
    private static readonly string[] Members =
        ["counter", "window", "max", "scope", "increment_from", "algorithm", "on_deny", "description"];

    private static readonly string[] Scopes = ["grant", "session", "policy"];

    private static readonly string[] Algorithms = ["fixed", "sliding"];

    public static void Compile(SyntaxNode node, string pointer, LimitList limits, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
        {
            return;
        }

        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            CompileLimit(element, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index++}"), limits, context);
        }
    }

    /// <summary>Takes a counter for a limit of a list, in which none may stand twice; reports it if it does.</summary>
    public static bool Claim(CounterDefinition counter, SyntaxNode limit, LimitList limits, CompilationContext context)
    {
        bool isFree = limits.TryClaim(counter);
        if (!isFree)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DuplicateCounter,
                limit,
                $"This list counts {Quoted.Of(counter.CounterName)} in the same window and scope twice.",
                "keep the smaller `max`, or use another counter");
        }

        return isFree;
    }

    /// <summary>Adds a limit whose counter is claimed, and warns of what it can't have been meant to say.</summary>
    public static void Add(LimitNode limit, SyntaxNode node, SyntaxNode max, LimitList limits, CompilationContext context)
    {
        if (limit.MaxMillionths == 0)
        {
            context.Findings.Report(DiagnosticDescriptors.MaxZero, max, "A `max` of 0 denies every call.", "to deny the tool, use `\"action\": \"deny\"`");
        }
        else if (limits.IsImplied(limit))
        {
            context.Findings.Report(
                DiagnosticDescriptors.NeverMatters,
                node,
                $"`all_tools` limits {Quoted.Of(limit.Counter.CounterName)} to as much or less.",
                "lower `max`, or use another counter");
        }

        limits.Add(limit);
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
            $"{Quoted.Of(node)} is out of range.",
            "use a number from 0 to 9007199254 with at most 6 decimals");
        return null;
    }

    private static void CompileLimit(SyntaxNode node, string pointer, LimitList limits, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Object))
        {
            return;
        }

        SyntaxNode? counter = null;
        SyntaxNode? window = null;
        SyntaxNode? max = null;
        string? onDeny = null;
        CounterScope? scope = CounterScope.Grant;
        CounterAlgorithm? algorithm = CounterAlgorithm.Fixed;
        PolicyPath? incrementFrom = null;
        foreach (SyntaxMember member in node.Members)
        {
            switch (member.Name.Match(Members))
            {
                case "counter":
                    counter = member.Value;
                    break;
                case "window":
                    window = member.Value;
                    break;
                case "max":
                    max = member.Value;
                    break;
                case "scope":
                    scope = ReadScope(member.Value, context);
                    break;
                case "algorithm":
                    algorithm = ReadAlgorithm(member.Value, context);
                    break;
                case "increment_from":
                    incrementFrom = ReadIncrement(member.Value, context);
                    break;
                case "on_deny":
                    onDeny = context.ReadText(member.Value);
                    break;
                case "description":
                    context.ReadText(member.Value);
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        string? name = context.Require(node, "counter", counter) ? context.ReadText(counter.Value, 1, 128) : null;
        int? seconds = context.Require(node, "window", window) ? WindowCompiler.Compile(window.Value, context) : null;
        long? maximum = context.Require(node, "max", max) ? ReadMax(max.Value, context) : null;
        if (name is null || seconds is null || scope is null || algorithm is null)
        {
            return;
        }

        var definition = new CounterDefinition(context.Policy.Name, name, scope.Value, seconds.Value, algorithm.Value);
        if (Claim(definition, node, limits, context) && maximum is not null)
        {
            Add(new LimitNode(definition, maximum.Value, pointer, onDeny, incrementFrom), node, max!.Value, limits, context);
        }
    }

    private static CounterScope? ReadScope(SyntaxNode node, CompilationContext context) => context.ReadWord(node, Scopes) switch
    {
        "grant" => CounterScope.Grant,
        "session" => CounterScope.Session,
        "policy" => CounterScope.Policy,
        _ => null,
    };

    private static CounterAlgorithm? ReadAlgorithm(SyntaxNode node, CompilationContext context) => context.ReadWord(node, Algorithms) switch
    {
        "fixed" => CounterAlgorithm.Fixed,
        "sliding" => CounterAlgorithm.Sliding,
        _ => null,
    };

    private static PolicyPath? ReadIncrement(SyntaxNode node, CompilationContext context)
    {
        PolicyPath? path = ConditionCompiler.CompilePath(node, context);
        if (path is null || (path.Root == PathRoot.Arguments && !path.FansOut))
        {
            return path;
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidIncrement, node, $"{Quoted.Of(node)} doesn't lead to one argument.", "use a path from `args` without `[*]`");
        return null;
    }
}
