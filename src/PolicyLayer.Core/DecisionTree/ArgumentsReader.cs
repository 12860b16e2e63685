using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree;

/// <summary>Reads a call's arguments, in whichever form they come, to one tape. A thread keeps one for reuse.</summary>
internal sealed class ArgumentsReader
{
    [ThreadStatic]
    private static ArgumentsReader? _kept;

    private readonly JsonTape _tape = new();

    /// <summary>What judging a schema needs.</summary>
    public SchemaScratch Schemas { get; } = new();

    public static ArgumentsReader Rent()
    {
        ArgumentsReader reader = _kept ?? new ArgumentsReader();
        _kept = null;
        return reader;
    }

    public void Return()
    {
        _tape.Reset();
        Schemas.Reset();
        _kept = this;
    }

    /// <summary>The code that stands against the arguments, or <see cref="DecisionCode.Allowed"/>.</summary>
    public DecisionCode Read(in ToolArguments arguments, int maxBytes, int maxDepth)
    {
        switch (arguments.Form)
        {
            case ToolArgumentsForm.None:
                return DecisionCode.Allowed;
            case ToolArgumentsForm.Array or ToolArgumentsForm.Memory or ToolArgumentsForm.Element:
                ReadOnlySpan<byte> text = arguments.Utf8;
                return text.Length > maxBytes
                    ? DecisionCode.ArgumentsTooLarge
                    : CodeOf(JsonScanner.Scan(text, maxDepth, _tape));
            default:
                return DecisionCode.ArgumentsMalformed;
        }
    }

    /// <summary>The arguments that were read; <c>{}</c> for absent ones.</summary>
    public JsonValue ValueOf(in ToolArguments arguments)
    {
        if (arguments.Form != ToolArgumentsForm.None)
        {
            return new JsonValue(arguments.Utf8, _tape);
        }

        ReadOnlySpan<byte> empty = "{}"u8;
        JsonScanner.Scan(empty, 1, _tape);
        return new JsonValue(empty, _tape);
    }

    private static DecisionCode CodeOf(JsonFault fault) => fault switch
    {
        JsonFault.None => DecisionCode.Allowed,
        JsonFault.TooDeep => DecisionCode.ArgumentsTooLarge,
        _ => DecisionCode.ArgumentsMalformed,
    };
}
