using System.Globalization;

namespace PolicyLayer.Documents;

/// <summary>What came of loading a document, in a line.</summary>
internal static class FindingCounts
{
    /// <param name="loaded">What was loaded; null for nothing.</param>
    /// <param name="findings">The findings.</param>
    public static string Of(string? loaded, IReadOnlyList<PolicyDiagnostic> findings)
    {
        int errors = findings.Count(finding => finding.Severity == DiagnosticSeverity.Error);
        return string.Create(
            CultureInfo.InvariantCulture, $"{loaded ?? "invalid"}: {errors} errors, {findings.Count - errors} warnings");
    }
}
