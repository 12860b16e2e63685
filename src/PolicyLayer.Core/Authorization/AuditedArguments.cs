using PolicyLayer.DecisionTree;
using PolicyLayer.Json;

namespace PolicyLayer;

/// <summary>What a record says of a call's arguments: the names at their top and their size, never a value.</summary>
internal readonly record struct AuditedArguments(IReadOnlyList<string> Names, int? Bytes)
{
    private const int MaxNames = 64;
    private const int MaxNameLength = 64;

    public static AuditedArguments Of(in ToolCall call, in CallBounds bounds)
    {
        if (call.Arguments.Form == ToolArgumentsForm.None)
        {
            return new([], null);
        }

        try
        {
            CallScratch scratch = CallScratch.Rent();
            bool isAccepted = CallReader.ReadArguments(call, bounds, scratch, out ReadOnlySpan<byte> text) == DecisionCode.Allowed;
            bool isText = call.Arguments.Form is not (ToolArgumentsForm.Elements or ToolArgumentsForm.Values);
            var audited = new AuditedArguments(
                isAccepted ? ReadNames(new JsonValue(text, scratch.Arguments), scratch) : [],
                isAccepted || isText ? text.Length : null);
            scratch.Return();
            return audited;
        }
        catch (Exception)
        {
            // A host's dictionary or a disposed document; the call is denied for it already.
            return new([], null);
        }
    }

    private static string[] ReadNames(JsonValue arguments, CallScratch scratch)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonValue.Property property in arguments.EnumerateProperties())
        {
            names.Add(Cut(scratch.Utf16(property.Name)));
            if (names.Count > MaxNames)
            {
                names.Remove(names.Max!);
            }
        }

        return [.. names];
    }

    private static string Cut(ReadOnlySpan<char> name) =>
        name.Length <= MaxNameLength ? name.ToString()
        : name[..(char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)].ToString();
}
