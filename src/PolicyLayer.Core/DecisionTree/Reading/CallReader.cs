using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>
/// Reads what a call says to the scratch's tapes. Every method returns what stands against it, or <see cref="DecisionCode.Allowed"/>.
/// </summary>
internal static class CallReader
{
    private static ReadOnlySpan<byte> EmptyObject => "{}"u8;

    public static DecisionCode ReadArguments(
        scoped in ToolCall call, scoped in ReadingOptions options, CallScratch scratch, out ReadOnlySpan<byte> text)
    {
        JsonFault fault = call.Arguments.IsText
            ? ReadText(call.Arguments, options, scratch.Arguments, scratch.Work, out text)
            : ReadValues(call.Arguments, options, scratch.Arguments, scratch.ArgumentsText, scratch.Work, out text);
        return fault switch
        {
            JsonFault.None => DecisionCode.Allowed,
            JsonFault.TooDeep => DecisionCode.ArgumentsTooLarge,
            _ => DecisionCode.ArgumentsMalformed,
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadContext(
        scoped in ToolCall call, scoped in ReadingOptions options, CallScratch scratch, out ReadOnlySpan<byte> text)
    {
        JsonFault fault = call.Context.IsText
            ? ReadText(call.Context, options, scratch.Context, scratch.Work, out text)
            : ReadValues(call.Context, options, scratch.Context, scratch.ContextText, scratch.Work, out text);
        return fault == JsonFault.None ? DecisionCode.Allowed : DecisionCode.ContextMalformed;
    }

    /// <summary>The grant's attributes are the host's facts too. They need reading only for an entry whose rules read them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadAttributes(
        IReadOnlyDictionary<string, string>? attributes,
        scoped in ReadingOptions options,
        CallScratch scratch,
        out ReadOnlySpan<byte> text)
    {
        JsonFault fault;
        if (attributes is { Count: > 0 })
        {
            scratch.GrantText.Limit = scratch.Work.Left;
            fault = ClrJsonWriter.Scan(attributes, options.MaxDepth, scratch.GrantText, scratch.Grant);
            text = Spend(scratch.GrantText, scratch.Work);
        }
        else
        {
            text = EmptyObject;
            fault = JsonScanner.Scan(text, 1, scratch.Grant);
        }

        return fault == JsonFault.None ? DecisionCode.Allowed : DecisionCode.ContextMalformed;
    }

    private static JsonFault ReadText(
        scoped in ToolArguments source, scoped in ReadingOptions options, JsonTape tape, WorkBudget work, out ReadOnlySpan<byte> text)
    {
        text = source.Utf8;
        if (text.Length > options.MaxBytes || !work.TrySpend(text.Length))
        {
            return JsonFault.TooDeep;
        }

        text = text.IsEmpty || text[0] == (byte)'{' ? text : NullAsNone(text);
        return JsonScanner.Scan(text, options.MaxDepth, tape);
    }

    /// <summary>JSON <c>null</c> is what many clients send for no arguments.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> NullAsNone(ReadOnlySpan<byte> text) =>
        text.Trim(" \t\r\n"u8).SequenceEqual("null"u8) ? EmptyObject : text;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static JsonFault ReadValues(
        scoped in ToolArguments source,
        scoped in ReadingOptions options,
        JsonTape tape,
        Utf8Buffer buffer,
        WorkBudget work,
        out ReadOnlySpan<byte> text)
    {
        JsonFault fault;
        buffer.Limit = work.Left;
        switch (source.Form)
        {
            case ToolArgumentsForm.None:
                text = EmptyObject;
                return JsonScanner.Scan(text, 1, tape);
            case ToolArgumentsForm.Elements:
                fault = ClrJsonWriter.Scan(source.Elements, options.MaxDepth, buffer, tape);
                text = Spend(buffer, work);
                return fault;
            case ToolArgumentsForm.Values:
                fault = ClrJsonWriter.Scan(source.Values, options.MaxDepth, buffer, tape);
                text = Spend(buffer, work);
                return fault;
            default:
                text = default;
                return JsonFault.Malformed;
        }
    }

    /// <summary>Counts what was written. INVARIANT: what stopped for want of work has spent it all, whatever of it was written.</summary>
    public static ReadOnlySpan<byte> Spend(Utf8Buffer buffer, WorkBudget work)
    {
        if (buffer.IsFull)
        {
            work.SpendAll();
        }
        else
        {
            work.TrySpend(buffer.Written.Length);
        }

        return buffer.Written;
    }
}
