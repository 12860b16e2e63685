using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer;

/// <summary>One finding in a document: a policy, or a file of grants. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PolicyDiagnostic
{
    /// <summary>What a line of text shows of a pointer: a name may be as long as the document, with a hundred findings below it.</summary>
    private const int MaxShownPointer = 512;

    private readonly DocumentKind _kind;
    private readonly Place _place;

    internal PolicyDiagnostic(
        DocumentKind kind, DiagnosticDescriptor descriptor, Place place, int line, int column, string message, string? help)
    {
        _kind = kind;
        _place = place;
        Id = descriptor.Id;
        Severity = descriptor.Severity;
        Line = line;
        Column = column;
        Message = message;
        Help = help;
    }

    /// <summary>The finding's stable id, such as <c>PL1203</c>. Ids are never reused; <c>schema/diagnostics.md</c> lists them.</summary>
    public string Id { get; }

    /// <summary>How grave it is.</summary>
    public DiagnosticSeverity Severity { get; }

    /// <summary>The JSON Pointer of the place; empty for the whole document. Written anew each time it is read.</summary>
    public string Pointer => _place.Pointer;

    /// <summary>The place's line, from 1.</summary>
    public int Line { get; }

    /// <summary>The place's column, from 1, in UTF-16 units.</summary>
    public int Column { get; }

    /// <summary>What is wrong, in one line.</summary>
    public string Message { get; }

    /// <summary>What to do about it, where that is known.</summary>
    public string? Help { get; }

    /// <summary>The finding in one line, with its place; the document is called <c>policy</c> or <c>grants</c>.</summary>
    public override string ToString() => ToString(_kind.Name);

    /// <summary>
    /// The finding in one line, as in <c>PL1203 error policy.json:9:21 /tools/x/limits/0/window: …</c>; a pointer of more than 512
    /// characters is cut.
    /// </summary>
    /// <param name="document">What to call the document: a file's name, say.</param>
    public string ToString(string document)
    {
        string pointer = Shorten(Pointer);
        string separator = pointer.Length == 0 ? "" : " ";
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{Id} {Severity.ToWireString()} {document}:{Line}:{Column}{separator}{pointer}: {Message}");
        if (Help is null)
        {
            return line;
        }

        bool isSentence = Help.EndsWith('?') || Help.EndsWith('.');
        return isSentence ? $"{line} Help: {Help}" : $"{line} Help: {Help}.";
    }

    private static string Shorten(string pointer)
    {
        if (pointer.Length <= MaxShownPointer)
        {
            return pointer;
        }

        int shown = char.IsHighSurrogate(pointer[MaxShownPointer - 1]) ? MaxShownPointer - 1 : MaxShownPointer;
        return string.Concat(pointer.AsSpan(0, shown), "…");
    }
}
