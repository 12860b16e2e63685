using System.Globalization;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Counters;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Limits;

/// <summary>Reads a window: a name, or a whole number of seconds.</summary>
/// <param name="names">The names that it may have.</param>
/// <param name="maxSeconds">How many seconds it may have.</param>
internal sealed class WindowCompiler(string[] names, int maxSeconds)
{
    private readonly string _help = string.Create(
        CultureInfo.InvariantCulture,
        $"use `{string.Join("`, `", names)}` or a whole number of seconds from 1 to {maxSeconds}");

    /// <summary>Of a limit.</summary>
    public static WindowCompiler OfLimit { get; } = new(WindowNames.All, CounterWindowLength.MaxSeconds);

    /// <summary>Of an order: how long a mark counts.</summary>
    public static WindowCompiler OfOrder { get; } = new(WindowNames.OfSeconds, 86_400);

    /// <summary>The window; null, and reported, if it is none.</summary>
    public CounterWindowLength? Compile(SyntaxNode node, CompilationContext context)
    {
        if (node.Kind == JsonKind.String && WindowNames.Find(node.Match(names)) is { } named)
        {
            return named;
        }

        if (node.Kind == JsonKind.Number && SecondsOf(node) is { } seconds)
        {
            return CounterWindowLength.FromSeconds(seconds);
        }

        if (node.Kind is not (JsonKind.String or JsonKind.Number))
        {
            context.WrongType(node, "a window's name or a number of seconds");
            return null;
        }

        Report(node, context);
        return null;
    }

    // Apart, as what a lambda captures is made where its method begins.
    private void Report(SyntaxNode node, CompilationContext context) =>
        context.Findings.Report(
            DiagnosticDescriptors.InvalidWindow, node, $"{node.Quote()} is not a window.", () => Suggest(node) ?? _help);

    private string? Suggest(SyntaxNode node)
    {
        if (node.Kind != JsonKind.String)
        {
            return null;
        }

        string text = node.GetString();
        return text.Length > 0 && text.All(char.IsAsciiDigit)
            ? "write the number of seconds without quotation marks"
            : SyntaxReader.Suggest(text, names);
    }

    /// <summary>A whole number in any of JSON's notations, as <c>60</c>, <c>60.0</c> and <c>6e1</c> are the same number.</summary>
    private int? SecondsOf(SyntaxNode node)
    {
        var number = new JsonNumber(node.Raw);
        return number.IsInteger && number.TryGetMillionths(out long millionths)
            && millionths / CounterDemand.Unit is >= 1 and var seconds && seconds <= maxSeconds
            ? (int)seconds
            : null;
    }
}
