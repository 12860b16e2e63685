using System.Globalization;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Counters;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Reads a <c>window</c>: a name, or a whole number of seconds.</summary>
internal static class WindowCompiler
{
    private static readonly string Help = string.Create(
        CultureInfo.InvariantCulture,
        $"use `{string.Join("`, `", WindowNames.All)}` or a whole number of seconds from 1 to {CounterWindowLength.MaxSeconds}");

    private static readonly string[] Planned = ["week", "month"];

    /// <summary>The window's seconds; null, and reported, if it is none.</summary>
    public static int? Compile(SyntaxNode node, CompilationContext context)
    {
        if (node.Kind == JsonKind.String && WindowNames.SecondsOf(node.Match(WindowNames.All)) is { } named)
        {
            return named;
        }

        if (node.Kind == JsonKind.Number && SecondsOf(node) is { } seconds)
        {
            return seconds;
        }

        if (node.Kind is not (JsonKind.String or JsonKind.Number))
        {
            context.WrongType(node, "a window's name or a number of seconds");
            return null;
        }

        if (node.Kind == JsonKind.String && node.Match(Planned) is { } later)
        {
            context.Findings.Report(
                DiagnosticDescriptors.NotSupported, node, $"The window `{later}` is not supported yet.",
                later == "week" ? "use `604800`, seven days, which begin on Thursdays" : "use `2592000`, thirty days");
            return null;
        }

        Report(node, context);
        return null;
    }

    // Apart, as what a lambda captures is made where its method begins.
    private static void Report(SyntaxNode node, CompilationContext context) =>
        context.Findings.Report(
            DiagnosticDescriptors.InvalidWindow, node, $"{node.Quote()} is not a window.", () => Suggest(node) ?? Help);

    private static string? Suggest(SyntaxNode node) =>
        node.Kind == JsonKind.String ? SyntaxReader.Suggest(node.GetString(), WindowNames.All) : null;

    /// <summary>A whole number in any of JSON's notations, as <c>60</c>, <c>60.0</c> and <c>6e1</c> are the same number.</summary>
    private static int? SecondsOf(SyntaxNode node)
    {
        var number = new JsonNumber(node.Raw);
        return number.IsInteger && number.TryGetMillionths(out long millionths)
            && millionths / CounterDemand.Unit is >= 1 and <= CounterWindowLength.MaxSeconds and var seconds
            ? (int)seconds
            : null;
    }
}
