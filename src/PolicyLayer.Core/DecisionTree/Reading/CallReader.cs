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
        scoped in ToolCall call,
        scoped in ReadingOptions options,
        CallScratch scratch,
        scoped ref UnreadableMember? unreadable,
        out ReadOnlySpan<byte> text)
    {
        JsonFault fault = call.Arguments.IsText
            ? ReadText(call.Arguments, options, scratch.Arguments, scratch.Work, out text)
            : ReadValues(
                call.Arguments, UnreadableMember.OfArguments, options, scratch.Arguments, scratch.ArgumentsText, scratch.Work,
                ref unreadable, out text);
        return CodeOf(fault);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadInputs(
        scoped in ToolCall call,
        scoped in ReadingOptions options,
        CallScratch scratch,
        scoped ref UnreadableMember? unreadable,
        out ReadOnlySpan<byte> text)
    {
        ToolArguments inputs = call.Inputs;
        JsonFault fault = inputs.IsText
            ? ReadText(inputs, options, scratch.Inputs, scratch.Work, out text)
            : ReadValues(
                inputs, UnreadableMember.OfInputs, options, scratch.Inputs, scratch.InputsText, scratch.Work, ref unreadable, out text);
        return CodeOf(fault);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadContext(
        scoped in ToolCall call,
        scoped in ReadingOptions options,
        CallScratch scratch,
        scoped ref UnreadableMember? unreadable,
        out ReadOnlySpan<byte> text)
    {
        JsonFault fault = call.Context.IsText
            ? ReadText(call.Context, options, scratch.Context, scratch.Work, out text)
            : ReadValues(
                call.Context, UnreadableMember.OfContext, options, scratch.Context, scratch.ContextText, scratch.Work,
                ref unreadable, out text);
        return fault == JsonFault.None ? DecisionCode.Allowed : DecisionCode.ContextMalformed;
    }

    /// <summary>The grant's attributes are the host's facts too. They need reading only for an entry whose rules read them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static DecisionCode ReadAttributes(
        IReadOnlyDictionary<string, string>? attributes,
        scoped in ReadingOptions options,
        CallScratch scratch,
        scoped ref UnreadableMember? unreadable,
        out ReadOnlySpan<byte> text)
    {
        JsonFault fault;
        if (attributes is { Count: > 0 })
        {
            scratch.GrantText.Limit = scratch.Work.Left;
            fault = ClrJsonWriter.Scan(attributes, options.MaxDepth, scratch.GrantText, scratch.Grant);
            unreadable = fault == JsonFault.Malformed ? FindMember(UnreadableMember.OfAttributes, scratch.GrantText) : null;
            text = Spend(scratch.GrantText, scratch.Work);
        }
        else
        {
            text = EmptyObject;
            fault = JsonScanner.Scan(text, 1, scratch.Grant);
        }

        return fault == JsonFault.None ? DecisionCode.Allowed : DecisionCode.ContextMalformed;
    }

    private static DecisionCode CodeOf(JsonFault fault) => fault switch
    {
        JsonFault.None => DecisionCode.Allowed,
        JsonFault.TooDeep => DecisionCode.ArgumentsTooLarge,
        _ => DecisionCode.ArgumentsMalformed,
    };

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
        string place,
        scoped in ReadingOptions options,
        JsonTape tape,
        Utf8Buffer buffer,
        WorkBudget work,
        scoped ref UnreadableMember? unreadable,
        out ReadOnlySpan<byte> text)
    {
        buffer.Limit = work.Left;
        switch (source.Form)
        {
            case ToolArgumentsForm.None:
                text = EmptyObject;
                return JsonScanner.Scan(text, 1, tape);
            case ToolArgumentsForm.Elements or ToolArgumentsForm.Values:
                JsonFault fault = ScanMembers(source, place, options.MaxDepth, buffer, tape, ref unreadable);
                text = Spend(buffer, work);
                return fault;
            default:
                text = default;
                return JsonFault.Malformed;
        }
    }

    private static JsonFault ScanMembers(
        scoped in ToolArguments source,
        string place,
        int maxDepth,
        Utf8Buffer buffer,
        JsonTape tape,
        scoped ref UnreadableMember? unreadable)
    {
        try
        {
            JsonFault fault = source.Form == ToolArgumentsForm.Elements
                ? ClrJsonWriter.Scan(source.Elements, maxDepth, buffer, tape)
                : ClrJsonWriter.Scan(source.Values, maxDepth, buffer, tape);
            unreadable = fault == JsonFault.Malformed ? FindMember(place, buffer) : null;
            return fault;
        }
        catch (Exception)
        {
            // A member of the host's threw: whoever is told of that is told where, too.
            unreadable = new UnreadableMember(place, UnreadableValue.Behind(buffer.Written), buffer.RefusedType);
            throw;
        }
    }

    /// <summary>What made a dictionary malformed: a value that couldn't be written, or else what the scanner refuses.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnreadableMember FindMember(string place, Utf8Buffer buffer) => buffer.RefusedType is { } type
        ? new UnreadableMember(place, UnreadableValue.Behind(buffer.Written), type)
        : new UnreadableMember(place, UnreadableValue.In(buffer.Written), null);

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
