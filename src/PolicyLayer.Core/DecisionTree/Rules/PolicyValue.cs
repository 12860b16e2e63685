using PolicyLayer.Calls;
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

    /// <summary>Deep equality in two readings; of another kind, unjudgeable, and so when it takes too much work.</summary>
    public Judgement JudgeEqual(in JsonValue argument, CallScratch scratch) =>
        argument.Kind.IsSameKindAs(Kind) ? JudgeSameKind(argument, scratch) : Judgement.Unjudgeable;

    protected abstract Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch);
}

/// <summary>Null, true or false: one object each.</summary>
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

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch)
    {
        JsonString text = argument.String;
        scratch.Work.Left -= StepCosts.Comparison + text.CostOfEquals(Utf8.Length);
        return Judgements.Of(text.Equals(Utf8));
    }
}

/// <summary>A value that is looked for by its hash where a list has many.</summary>
internal abstract class HashedPolicyValue : PolicyValue
{
    /// <summary>Whether it can equal another value in one reading of numbers and not in the other.</summary>
    public abstract bool HasReadings { get; }

    /// <summary>As <see cref="JsonHash"/> hashes arguments.</summary>
    public abstract ulong Hash(NumberReading reading);

    /// <summary>Whether the values are equal at least as nearest doubles.</summary>
    public abstract bool IsNear(HashedPolicyValue other);
}

/// <summary>A number.</summary>
internal sealed class PolicyNumber(ReadOnlySpan<byte> raw) : HashedPolicyValue
{
    private readonly StoredNumber _number = new(raw);

    public override JsonKind Kind => JsonKind.Number;

    public override bool HasReadings => !Value.ReadingsAgree;

    private JsonNumber Value => _number.Value;

    public override ulong Hash(NumberReading reading) => JsonHash.Of(Value, reading);

    public override bool IsNear(HashedPolicyValue other) =>
        other is PolicyNumber number && Value.ToNearestDouble().CompareTo(number.Value.ToNearestDouble()) == 0;

    /// <summary>Compares with a number that was read before.</summary>
    public Judgement JudgeEqual(in JsonNumber argument, WorkBudget work) =>
        JsonNumberComparison.Judge(NumericOperator.Equal, argument, Value, work);

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch) =>
        scratch.Work.TrySpend(StepCosts.Number + argument.Raw.Length)
            ? JudgeEqual(argument.Number, scratch.Work)
            : Judgement.Unjudgeable;
}

/// <summary>An array or object.</summary>
internal sealed class PolicyStructure(in JsonValue value) : HashedPolicyValue
{
    private readonly byte[] _text = value.Raw.ToArray();
    private readonly JsonTape _tape = value.Tape.Copy(value.Index);

    public override JsonKind Kind { get; } = value.Kind;

    public override bool HasReadings
    {
        get
        {
            foreach (ref readonly JsonToken token in _tape.Tokens)
            {
                if (token.Kind == JsonKind.Number)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private JsonValue Value => new(_text, _tape);

    public override ulong Hash(NumberReading reading) => JsonHash.Of(Value, reading);

    public override bool IsNear(HashedPolicyValue other) =>
        other is PolicyStructure structure
        && JsonEquality.Judge(Value, structure.Value, new JsonTape(), new WorkBudget(long.MaxValue)) != Judgement.False;

    protected override Judgement JudgeSameKind(in JsonValue argument, CallScratch scratch) =>
        JsonEquality.Judge(argument, Value, scratch.Arguments, scratch.Work);
}
