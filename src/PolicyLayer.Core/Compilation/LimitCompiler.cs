using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
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
                    RefuseIfNot("grant", member.Value, Scopes, context);
                    break;
                case "algorithm":
                    RefuseIfNot("fixed", member.Value, Algorithms, context);
                    break;
                case "on_deny":
                    onDeny = context.ReadText(member.Value);
                    break;
                case "description":
                    context.ReadText(member.Value);
                    break;
                case { } known:
                    context.Findings.Report(DiagnosticDescriptors.NotSupported, member.Name, $"`{known}` is not supported yet.");
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        string? name = Required(node, "counter", counter, context) ? context.ReadText(counter!.Value, 1, 128) : null;
        int? seconds = Required(node, "window", window, context) ? WindowCompiler.Compile(window!.Value, context) : null;
        long? maximum = Required(node, "max", max, context) ? ReadMax(max!.Value, context) : null;
        return name is null || seconds is null || maximum is null
            ? null
            : new LimitNode(
                new CounterDefinition(context.Policy.Name, name, CounterScope.Grant, seconds.Value), maximum.Value, pointer, onDeny);
    }

    private static bool Required(SyntaxNode node, string name, SyntaxNode? member, CompilationContext context)
    {
        if (member is null)
        {
            context.MissingMember(node, name);
        }

        return member is not null;
    }

    private static void RefuseIfNot(string supported, SyntaxNode node, string[] words, CompilationContext context)
    {
        if (context.ReadWord(node, words) is { } word && word != supported)
        {
            context.Findings.Report(DiagnosticDescriptors.NotSupported, node, $"`{word}` is not supported yet.");
        }
    }
}
