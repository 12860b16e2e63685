using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary>A JSON value of the policy, read once and compared with many arguments.</summary>
internal sealed class PolicyValue
{
    private readonly byte[] _text;
    private readonly JsonTape _tape = new();

    /// <param name="text">The value as it stands in a document without duplicate names.</param>
    public PolicyValue(ReadOnlySpan<byte> text)
    {
        _text = text.ToArray();
        if (JsonScanner.ScanValue(_text, int.MaxValue, _tape) != JsonFault.None)
        {
            throw new ArgumentException("The value is not well-formed.", nameof(text));
        }

        Kind = Value.Kind;
        if (Kind == JsonKind.String)
        {
            Utf8 = new byte[Value.String.MaxDecodedLength];
            Utf8 = Utf8[..Value.String.Decode(Utf8)];
        }
    }

    public JsonKind Kind { get; }

    public JsonValue Value => new(_text, _tape);

    /// <summary>A string, decoded; empty for other kinds.</summary>
    public byte[] Utf8 { get; } = [];

    /// <summary>Deep equality in two readings; of another kind, unjudgeable.</summary>
    public Judgement JudgeEqual(in JsonValue argument, CallScratch scratch)
    {
        JsonKind kind = argument.Kind;
        if (kind == JsonKind.String && Kind == JsonKind.String)
        {
            return Judgements.Of(argument.StringEquals(Utf8));
        }

        return !kind.IsSameKindAs(Kind) ? Judgement.Unjudgeable
            : Kind is JsonKind.True or JsonKind.False or JsonKind.Null ? Judgements.Of(kind == Kind)
            : JsonEquality.Judge(argument, Value, scratch.Arguments);
    }
}
