using System.Globalization;

namespace PolicyLayer;

/// <summary>A finding in one line, with the name of its document.</summary>
internal static class DiagnosticText
{
    public static string Of(PolicyDiagnostic finding, string document)
    {
        string severity = finding.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        string pointer = finding.Pointer.Length == 0 ? "" : " " + finding.Pointer;
        string help = finding.Help is not { } text ? "" : text.EndsWith('?') || text.EndsWith('.') ? " Help: " + text : $" Help: {text}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{finding.Id} {severity} {document}:{finding.Line}:{finding.Column}{pointer}: {finding.Message}{help}");
    }
}
