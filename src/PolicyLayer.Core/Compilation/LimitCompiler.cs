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

    public static void Compile(SyntaxNode node, string pointer, List<LimitNode> limits, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array))
        {
            return;
        }

        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            LimitNode? limit = CompileLimit(element, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index++}"), context);
            if (limit is not null)
            {
                Add(limit, element, limits, context);
            }
        }
    }

    /// <summary>Adds a limit to its list, in which no counter may stand twice.</summary>
    public static void Add(LimitNode limit, SyntaxNode node, List<LimitNode> limits, CompilationContext context)
    {
        if (limits.Exists(other => other.Counter.Equals(limit.Counter)))
        {
            context.Findings.Report(
                DiagnosticDescriptors.DuplicateCounter,
                node,
                $"This list counts {Quoted.Of(limit.Counter.CounterName)} in the same window and scope twice.",
                "keep the smaller `max`, or use another counter");
            return;
        }

        if (limit.MaxMillionths == 0)
        {
            context.Findings.Report(DiagnosticDescriptors.MaxZero, node, "A `max` of 0 denies every call.", "to deny the tool, use `\"action\": \"deny\"`");
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

    private static LimitNode? CompileLimit(SyntaxNode node, string pointer, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Object))
        {
            return null;
        }

        SyntaxNode? counter = null;
        SyntaxNode? window = null;
        SyntaxNode? max = null;
        string? onDeny = null;
        CounterScope scope = CounterScope.Grant;
        CounterAlgorithm algorithm = CounterAlgorithm.Fixed;
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
        return name is null || seconds is null || maximum is null
            ? null
            : new LimitNode(
                new CounterDefinition(context.Policy.Name, name, scope, seconds.Value, algorithm), maximum.Value, pointer, onDeny, incrementFrom);
    }

    private static CounterScope ReadScope(SyntaxNode node, CompilationContext context) => context.ReadWord(node, Scopes) switch
    {
        "session" => CounterScope.Session,
        "policy" => CounterScope.Policy,
        _ => CounterScope.Grant,
    };

    private static CounterAlgorithm ReadAlgorithm(SyntaxNode node, CompilationContext context) =>
        context.ReadWord(node, Algorithms) == "sliding" ? CounterAlgorithm.Sliding : CounterAlgorithm.Fixed;

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
