using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree;

/// <summary>All that rules may read of one call: its arguments, its context and its grant's attributes, each read once.</summary>
internal readonly ref struct CallFacts
{
    private static readonly JsonTape EmptyObject = CreateEmptyObject();

    private readonly JsonValue _arguments;
    private readonly JsonValue _context;
    private readonly JsonValue _grant;
    private readonly PathTable _paths;
    private readonly Span<int> _places;

    private CallFacts(JsonValue arguments, JsonValue context, JsonValue grant, PathTable paths, CallScratch scratch)
    {
        _arguments = arguments;
        _context = context;
        _grant = grant;
        _paths = paths;
        _places = scratch.Places(paths.Count);
        Scratch = scratch;
    }

    public CallScratch Scratch { get; }

    public JsonValue Arguments => _arguments;

    private static ReadOnlySpan<byte> EmptyObjectText => "{}"u8;

    /// <summary>Reads a call. Returns the code that stands against it, or <see cref="DecisionCode.Allowed"/>.</summary>
    public static DecisionCode Read(in ToolCall call, in CallBounds bounds, PathTable paths, CallScratch scratch, out CallFacts facts)
    {
        facts = default;
        JsonFault fault = ReadJson(call.Arguments, bounds, scratch.Arguments, scratch.ArgumentsText, out JsonValue arguments);
        if (fault != JsonFault.None)
        {
            return fault == JsonFault.TooDeep ? DecisionCode.ArgumentsTooLarge : DecisionCode.ArgumentsMalformed;
        }

        if (ReadJson(call.Context, bounds, scratch.Context, scratch.ContextText, out JsonValue context) != JsonFault.None)
        {
            return DecisionCode.ContextMalformed;
        }

        JsonValue grant = new(EmptyObjectText, EmptyObject);
        if (call.GrantAttributes is { Count: > 0 } attributes && paths.Reads(PathRoot.Grant))
        {
            if (ClrJsonWriter.Scan(attributes, bounds.MaxDepth, scratch.GrantText, scratch.Grant) != JsonFault.None)
            {
                return DecisionCode.ContextMalformed;
            }

            grant = new JsonValue(scratch.GrantText.Written, scratch.Grant);
        }

        facts = new CallFacts(arguments, context, grant, paths, scratch);
        return DecisionCode.Allowed;
    }

    /// <summary>Where one of the entry's paths leads, up to its first <c>[*]</c>.</summary>
    public PathResult Resolve(int place)
    {
        // A place holds 0 until it is resolved; then 1 for missing, 2 for unjudgeable, else the value's token and 3.
        PolicyPath path = _paths[place];
        JsonValue root = RootOf(path.Root);
        ref int known = ref _places[place];
        if (known == 0)
        {
            PathResult result = PathResult.Follow(root, path.Head);
            known = result.Outcome switch
            {
                PathOutcome.Missing => 1,
                PathOutcome.Unjudgeable => 2,
                _ => result.Value.Index + 3,
            };
            return result;
        }

        return known switch
        {
            1 => new PathResult(PathOutcome.Missing),
            2 => new PathResult(PathOutcome.Unjudgeable),
            _ => new PathResult(PathOutcome.Present, root.At(known - 3)),
        };
    }

    private JsonValue RootOf(PathRoot root) => root switch
    {
        PathRoot.Arguments => _arguments,
        PathRoot.Context => _context,
        _ => _grant,
    };

    private static JsonFault ReadJson(in ToolArguments source, in CallBounds bounds, JsonTape tape, Utf8Buffer buffer, out JsonValue value)
    {
        ReadOnlySpan<byte> text;
        JsonFault fault;
        switch (source.Form)
        {
            case ToolArgumentsForm.None:
                value = new JsonValue(EmptyObjectText, EmptyObject);
                return JsonFault.None;
            case ToolArgumentsForm.Array or ToolArgumentsForm.Memory or ToolArgumentsForm.Element:
                text = source.Utf8;
                fault = text.Length > bounds.MaxBytes ? JsonFault.TooDeep : JsonScanner.Scan(text, bounds.MaxDepth, tape);
                break;
            case ToolArgumentsForm.Elements:
                fault = ClrJsonWriter.Scan(source.Elements, bounds.MaxDepth, buffer, tape);
                text = buffer.Written;
                break;
            case ToolArgumentsForm.Values:
                fault = ClrJsonWriter.Scan(source.Values, bounds.MaxDepth, buffer, tape);
                text = buffer.Written;
                break;
            default:
                value = default;
                return JsonFault.Malformed;
        }

        value = fault == JsonFault.None ? new JsonValue(text, tape) : default;
        return fault;
    }

    private static JsonTape CreateEmptyObject()
    {
        var tape = new JsonTape();
        JsonScanner.Scan(EmptyObjectText, 1, tape);
        return tape;
    }
}
