using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>
/// All that an approval of a call is bound to, written so that no two calls which differ in any of it are the same text. It stands in the
/// thread's scratch, until the next value is written there.
/// </summary>
internal sealed class ApprovalSubject
{
    // INVARIANT: a path that can't be followed isn't one that leads to nothing, and stands for all facts: else two contexts that differ
    // where nothing could be read would be one.
    private static ReadOnlySpan<byte> NoValue => ",0]"u8;

    private static ReadOnlySpan<byte> AllFacts => ",2,"u8;

    private static ReadOnlySpan<byte> AValue => ",1,"u8;

    private readonly Utf8Buffer _text;
    private readonly ContextPath[] _paths;
    private readonly SamePath[] _same;
    private readonly Range[] _values;
    private Range _arguments;
    private int _end;

    private ApprovalSubject(Utf8Buffer text, ApprovalNode approvals)
    {
        _text = text;
        _paths = approvals.ContextPaths;
        _same = approvals.Cover.Same;
        _values = new Range[_paths.Length];
    }

    /// <summary>The text that an approval of the very call is bound to.</summary>
    public ReadOnlySpan<byte> Bound => _text.Written[.._end];

    /// <summary>Whether an approval is bound to some of the arguments, and covers calls that differ in others.</summary>
    public bool IsBoundBySame { get; private set; }

    /// <summary>The text that it is bound to then.</summary>
    public ReadOnlySpan<byte> BoundBySame => _text.Written[_end..];

    /// <summary>The arguments that calls must have in common to be covered together.</summary>
    public ReadOnlySpan<SamePath> Same => _same;

    /// <summary>The arguments in canonical form.</summary>
    public ReadOnlySpan<byte> Arguments => _text.Written[_arguments];

    /// <summary>The facts of the host's that are bound.</summary>
    public ReadOnlySpan<ContextPath> Paths => _paths;

    /// <summary>Writes what a call is bound to; null when its server's name is no Unicode text, or it took too much work.</summary>
    public static ApprovalSubject? Write(in ToolCall call, in CallFacts facts, Asking asking, ApprovalNode approvals)
    {
        Utf8Buffer buffer = facts.Scratch.Canonical;
        buffer.Clear();
        var subject = new ApprovalSubject(buffer, approvals);
        var text = new CanonicalText(buffer, foldsCase: false, facts.Scratch.Work);
        return subject.TryWriteNames(call, asking)
            && facts.Scratch.Work.TrySpend((long)StepCosts.DigestByte * buffer.Written.Length)
            && subject.TryWriteValues(text, facts)
            && facts.Scratch.Work.TrySpend((long)StepCosts.DigestByte * (buffer.Written.Length - subject._arguments.Start.Value))
            && subject.TryWriteSame(text, facts)
                ? subject
                : null;
    }

    /// <summary>A fact in canonical form; empty for none.</summary>
    public ReadOnlySpan<byte> ValueOf(int path) => _text.Written[_values[path]];

    // INVARIANT: what doesn't end by itself is a JSON string, so that nothing of one member reads as another.
    private bool TryWriteNames(in ToolCall call, Asking asking)
    {
        PolicyIdentity policy = asking.Verdict.Policy;
        bool isWritten = TryAppend("[1,"u8, policy.Name)
            && TryAppend(","u8, policy.Revision)
            && TryAppend(","u8, call.Server)
            && TryAppend(","u8, call.GrantId)
            && TryAppend(","u8, SessionOf(call))
            && TryAppend(","u8, SessionOf(call) is null ? null : call.SessionSource.ToWireString())
            && TryAppend(","u8, call.ToolName);
        for (int i = 0; i < asking.Rules.Count; i++)
        {
            isWritten = isWritten && TryAppend(i == 0 ? ",["u8 : ","u8, asking.Rules[i]);
        }

        return isWritten && _text.TryAppend("],"u8);
    }

    private bool TryWriteValues(CanonicalText text, in CallFacts facts)
    {
        int start = _text.Written.Length;
        bool isWritten = text.TryAppendWhole(facts.Arguments);
        _arguments = start.._text.Written.Length;
        for (int i = 0; isWritten && i < _paths.Length; i++)
        {
            isWritten = facts.Scratch.Work.TrySpend((long)StepCosts.DigestByte * _paths[i].Text.Length)
                && TryAppend(",["u8, _paths[i].Text)
                && TryWriteFact(i, text, facts);
        }

        isWritten = isWritten && _text.TryAppend("]"u8);
        _end = _text.Written.Length;
        return isWritten;
    }

    /// <summary>
    /// Writes the same once more, with some arguments in place of all; nothing where the call lacks one of them. INVARIANT: these stand in
    /// an array, and all of them are an object, so that no text by some is one by all.
    /// </summary>
    private bool TryWriteSame(CanonicalText text, in CallFacts facts)
    {
        if (!HasSame(facts))
        {
            return true;
        }

        bool isWritten = _text.TryAppend(_text.Written[.._arguments.Start.Value]);
        for (int i = 0; isWritten && i < _same.Length; i++)
        {
            int token = facts.Resolve(_same[i].Place);
            isWritten = TryAppend(i == 0 ? "[["u8 : ",["u8, _same[i].Text)
                && _text.TryAppend(","u8)
                && text.TryAppendWhole(facts.ValueAt(PathRoot.Arguments, token))
                && _text.TryAppend("]"u8);
        }

        IsBoundBySame = isWritten
            && _text.TryAppend("]"u8)
            && _text.TryAppend(_text.Written[_arguments.End.Value.._end])
            && facts.Scratch.Work.TrySpend((long)StepCosts.DigestByte * (_text.Written.Length - _end));
        return IsBoundBySame;
    }

    /// <summary>
    /// Whether the call has a value of its own kind at each path: what is missing, null or of parts makes no calls alike.
    /// </summary>
    private bool HasSame(in CallFacts facts)
    {
        bool hasAll = _same.Length > 0;
        for (int i = 0; hasAll && i < _same.Length; i++)
        {
            int token = facts.Resolve(_same[i].Place);
            JsonKind kind = token < 0 ? JsonKind.None : facts.ValueAt(PathRoot.Arguments, token).Kind;
            hasAll = kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False;
        }

        return hasAll;
    }

    private bool TryWriteFact(int path, CanonicalText text, in CallFacts facts)
    {
        int token = facts.Resolve(_paths[path].Place);
        if (token == PathSteps.Missing)
        {
            return _text.TryAppend(NoValue);
        }

        _text.TryAppend(token < 0 ? AllFacts : AValue);
        int start = _text.Written.Length;
        bool isWritten = text.TryAppendWhole(facts.ValueAt(PathRoot.Context, Math.Max(token, 0)));
        _values[path] = start.._text.Written.Length;
        return isWritten && _text.TryAppend("]"u8);
    }

    /// <summary>An empty session is none.</summary>
    public static string? SessionOf(in ToolCall call) => string.IsNullOrEmpty(call.SessionId) ? null : call.SessionId;

    private bool TryAppend(ReadOnlySpan<byte> before, string? name) =>
        _text.TryAppend(before) && (name is null ? _text.TryAppend("null"u8) : ClrScalarWriter.TryWriteString(_text, name));
}
