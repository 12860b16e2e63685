namespace PolicyLayer.Json.Values;

/// <summary>Logic of three values: a definite value wins where it decides, else what is unjudgeable stays so.</summary>
internal static class Judgements
{
    public static Judgement Of(bool value) => value ? Judgement.True : Judgement.False;

    public static Judgement Not(this Judgement value) => value switch
    {
        Judgement.False => Judgement.True,
        Judgement.True => Judgement.False,
        _ => Judgement.Unjudgeable,
    };

    public static Judgement And(this Judgement a, Judgement b) =>
        a == Judgement.False || b == Judgement.False ? Judgement.False
        : a == Judgement.Unjudgeable || b == Judgement.Unjudgeable ? Judgement.Unjudgeable
        : Judgement.True;

    public static Judgement Or(this Judgement a, Judgement b) =>
        a == Judgement.True || b == Judgement.True ? Judgement.True
        : a == Judgement.Unjudgeable || b == Judgement.Unjudgeable ? Judgement.Unjudgeable
        : Judgement.False;
}
