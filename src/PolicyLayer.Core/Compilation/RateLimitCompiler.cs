using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation;

/// <summary>Compiles the shorthand <c>rate_limit</c>: one limit more, on a counter named after the entry.</summary>
internal static class RateLimitCompiler
{
    private static readonly string[] Members = ["max", "window"];

    public static void Compile(SyntaxNode node, string key, string pointer, List<LimitNode> limits, CompilationContext context)
    {
        (long? Max, int? Seconds) rate = node.Kind switch
        {
            JsonKind.Object => ReadObject(node, context),
            JsonKind.String => ReadText(node, context),
            _ => default,
        };
        if (node.Kind is not (JsonKind.Object or JsonKind.String))
        {
            context.WrongType(node, "an object with `max` and `window`, or a text such as `\"10/minute\"`");
        }

        if (rate is ({ } max, { } seconds))
        {
            var counter = new CounterDefinition(context.Policy.Name, key + "_rate", CounterScope.Grant, seconds);
            LimitCompiler.Add(new LimitNode(counter, max, pointer), node, limits, context);
        }
    }

    private static (long?, int?) ReadObject(SyntaxNode node, CompilationContext context)
    {
        SyntaxNode? max = null;
        SyntaxNode? window = null;
        foreach (SyntaxMember member in node.Members)
        {
            switch (member.Name.Match(Members))
            {
                case "max":
                    max = member.Value;
                    break;
                case "window":
                    window = member.Value;
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        if (max is null)
        {
            context.MissingMember(node, "max");
        }

        if (window is null)
        {
            context.MissingMember(node, "window");
        }

        return (
            max is { } maxNode ? LimitCompiler.ReadMax(maxNode, context) : null,
            window is { } windowNode ? WindowCompiler.Compile(windowNode, context) : null);
    }

    private static (long?, int?) ReadText(SyntaxNode node, CompilationContext context)
    {
        string text = node.GetString();
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0
            && long.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && count is >= 1 and <= CounterDemand.Largest / CounterDemand.Unit
            && WindowCompiler.SecondsOf(text[(slash + 1)..]) is { } seconds)
        {
            return (count * CounterDemand.Unit, seconds);
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidRateLimit,
            node,
            $"{Quoted.Of(text)} is not a rate.",
            "write a whole number, `/`, and `second`, `minute`, `hour` or `day`, as in `10/minute`");
        return default;
    }
}
