using PolicyLayer.Calls;

namespace PolicyLayer;

/// <summary>The texts of findings' words, as the <c>policylayer</c> tool prints them. They never change between versions.</summary>
public static class DiagnosticWireNames
{
    internal static WireNameTable<DiagnosticSeverity> Severities { get; } = new(
        (DiagnosticSeverity.Warning, "warning"),
        (DiagnosticSeverity.Error, "error"));

    /// <summary>The text of a severity: <c>error</c> or <c>warning</c>.</summary>
    /// <param name="severity">A severity of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a severity of this library.</exception>
    public static string ToWireString(this DiagnosticSeverity severity) => Severities.TextOf(severity);

    /// <summary>Reads the text of a severity; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="severity">The severity, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DiagnosticSeverity severity) => Severities.TryParse(text, out severity);
}
