using System.Globalization;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Compiles the shorthand <c>rate_limit</c>: one limit more, on a counter named after the entry.</summary>
internal static class RateLimitCompiler
{
    private static readonly string[] Members = ["max", "window"];

    private static readonly string Help =
        $"write a whole number from 1, `/`, and {SyntaxReader.List(WindowNames.OfSeconds)}, as in `10/minute`";

    public static void Compile(SyntaxNode node, string key, LimitList limits, CompilationContext context)
    {
        Rate rate = node.Kind switch
        {
            JsonKind.Object => ReadObject(node, context),
            JsonKind.String => ReadText(node, context),
            _ => default,
        };
        if (node.Kind is not (JsonKind.Object or JsonKind.String))
        {
            context.WrongType(node, "an object with `max` and `window`, or a text such as `\"10/minute\"`");
        }

        if (rate.Window is not { } window)
        {
            return;
        }

        CounterDefinition counter = context.Counter(key + "_rate", CounterScope.Grant, window, CounterAlgorithm.Fixed);
        var limit = new LimitNode(counter, rate.MaxMillionths ?? 0, new LimitPlace(IsCommon: false, LimitPlace.Shorthand));
        LimitCompiler.Add(limit, node, rate.MaxMillionths is null ? null : rate.MaxNode ?? node, limits, context);
    }

    private static Rate ReadObject(SyntaxNode node, CompilationContext context)
    {
        ObjectReader.TryRead(node, Members, context, out ObjectReader rate);
        SyntaxNode? max = rate.Require("max");
        return new Rate(
            max is { } number ? LimitCompiler.ReadMax(number, context) : null,
            rate.Require("window") is { } window ? WindowCompiler.OfLimit.Compile(window, context) : null,
            max);
    }

    private static Rate ReadText(SyntaxNode node, CompilationContext context)
    {
        string text = node.GetString();
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string? window = slash > 0 ? text[(slash + 1)..] : null;
        long count = 0;
        // The framework takes NULs behind a number for part of it.
        bool isCount = slash > 0
            && !text.Contains('\0', StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out count)
            && count is >= 1 and <= CounterDemand.Largest / CounterDemand.Unit;
        if (isCount && Array.IndexOf(WindowNames.OfSeconds, window) >= 0)
        {
            return new Rate(count * CounterDemand.Unit, WindowNames.Find(window), null);
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidRateLimit,
            node,
            $"{Quoted.Of(text)} is not a rate.",
            () => isCount ? HelpWith(count, window!) : Help);
        return default;
    }

    /// <summary>What isn't one of the names may be a window all the same, which the object form takes.</summary>
    private static string HelpWith(long count, string window)
    {
        if (Array.IndexOf(WindowNames.All, window) >= 0)
        {
            return $"write it as an object: `{{ \"max\": {count}, \"window\": \"{window}\" }}`";
        }

        // A name nearby would be another window than so many of it.
        return window.Length > 0 && char.IsAsciiDigit(window[0])
            ? $"write it as an object, with a number of seconds as the window: `{{ \"max\": {count}, \"window\": 300 }}`"
            : Spelling.Suggest(window, WindowNames.OfSeconds) ?? Help;
    }

    private readonly record struct Rate(long? MaxMillionths, CounterWindowLength? Window, SyntaxNode? MaxNode);
}
