namespace PolicyLayer.Documents;

/// <summary>A kind of finding: its id never changes meaning and is never used again.</summary>
internal sealed record DiagnosticDescriptor(string Id, DiagnosticSeverity Severity);
