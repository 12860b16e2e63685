using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>A JSON value of the policy, read once and compared with many arguments. Immutable.</summary>
internal abstract class PolicyValue
{
    private static readonly PolicyLiteral Null = new(JsonKind.Null);
    private static readonly PolicyLiteral False = new(JsonKind.False);
    private static readonly PolicyLiteral True = new(JsonKind.True);

    public abstract JsonKind Kind { get; }

    /// <param name="value">A value of a document without duplicate names.</param>
    public static PolicyValue Of(in JsonValue value) => value.Kind switch
    {
        JsonKind.Null => Null,
        JsonKind.False => False,
        JsonKind.True => True,
        JsonKind.Number => new PolicyNumber(value.Raw),
        JsonKind.String => new PolicyText(value.String),
        _ => new PolicyStructure(value),
    };

    /// <summary>Deep equality in two readings; of another kind, unjudgeable.</summary>
    public Judgement JudgeEqual(in JsonValue argument, CallScratch scratch) =>
        argument.Kind.IsSameKindAs(Kind) ? JudgeSameKind(argument, scratch) : Judgement.Unjudgeable;

    protected abstract Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch);
}

/// <summary>Null, true or false.</summary>
internal sealed class PolicyLiteral(JsonKind kind) : PolicyValue
{
    public override JsonKind Kind => kind;

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch) => Judgements.Of(argument.Kind == kind);
}

/// <summary>A string, decoded.</summary>
internal sealed class PolicyText : PolicyValue
{
    public PolicyText(JsonString text)
    {
        Span<byte> decoded = text.HasEscapes ? new byte[text.MaxDecodedLength] : default;
        Utf8 = text.HasEscapes ? decoded[..text.Decode(decoded)].ToArray() : text.Raw.ToArray();
    }

    public override JsonKind Kind => JsonKind.String;

    public byte[] Utf8 { get; }

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch) => Judgements.Of(argument.StringEquals(Utf8));
}

/// <summary>A number.</summary>
internal sealed class PolicyNumber(ReadOnlySpan<byte> raw) : PolicyValue
{
    private readonly StoredNumber _number = new(raw);

    public override JsonKind Kind => JsonKind.Number;

    public JsonNumber Value => _number.Value;

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch) =>
        JsonNumberComparison.Judge(NumericOperator.Equal, argument.Number, Value);
}

/// <summary>An array or object.</summary>
internal sealed class PolicyStructure(in JsonValue value) : PolicyValue
{
    private readonly byte[] _text = value.Raw.ToArray();
    private readonly JsonTape _tape = value.Tape.Copy(value.Index);

    public override JsonKind Kind { get; } = value.Kind;

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch) =>
        JsonEquality.Judge(argument, new JsonValue(_text, _tape), scratch.Arguments);
}
