using System.Globalization;

namespace PolicyLayer;

/// <summary>One finding in a policy document. Immutable.</summary>
public sealed class PolicyDiagnostic
{
    internal PolicyDiagnostic(DiagnosticDescriptor descriptor, string pointer, int line, int column, string message, string? help)
    {
        Id = descriptor.Id;
        Severity = descriptor.Severity;
        Pointer = pointer;
        Line = line;
        Column = column;
        Message = message;
        Help = help;
    }

    /// <summary>The finding's stable id, such as <c>PL1203</c>. Ids are never reused; <c>schema/diagnostics.md</c> lists them.</summary>
    public string Id { get; }

    /// <summary>How grave it is.</summary>
    public DiagnosticSeverity Severity { get; }

    /// <summary>The JSON Pointer of the place; empty for the whole document.</summary>
    public string Pointer { get; }

    /// <summary>The place's line, from 1.</summary>
    public int Line { get; }

    /// <summary>The place's column, from 1, in UTF-16 units.</summary>
    public int Column { get; }

    /// <summary>What is wrong, in one line.</summary>
    public string Message { get; }

    /// <summary>What to do about it, where that is known.</summary>
    public string? Help { get; }

    /// <summary>The finding in one line, with its place.</summary>
    public override string ToString() => ToString("policy");

    /// <summary>The finding in one line, as in <c>PL1203 error policy.json:9:21 /tools/x/limits/0/window: …</c>.</summary>
    /// <param name="document">What to call the document: a file's name, say.</param>
    public string ToString(string document)
    {
        string pointer = Pointer.Length == 0 ? "" : " " + Pointer;
        string end = Help is null || Help.EndsWith('?') || Help.EndsWith('.') ? "" : ".";
        string help = Help is null ? "" : $" Help: {Help}{end}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Id} {Severity.ToWireString()} {document}:{Line}:{Column}{pointer}: {Message}{help}");
    }
}
