namespace PolicyLayer.Json.Values;

/// <summary>Logic of three values: a definite value wins where it decides, else what is unjudgeable stays so.</summary>
internal static class Judgements
{
    public static Judgement Of(bool value) => value ? Judgement.True : Judgement.False;

    public static ExplainedResult ToResult(this Judgement value) => value switch
    {
        Judgement.False => ExplainedResult.False,
        Judgement.True => ExplainedResult.True,
        _ => ExplainedResult.Unjudgeable,
    };

    public static Judgement Not(this Judgement value) => value switch
    {
        Judgement.False => Judgement.True,
        Judgement.True => Judgement.False,
        _ => Judgement.Unjudgeable,
    };

    public static Judgement And(this Judgement a, Judgement b) => (a, b) switch
    {
        (Judgement.False, _) or (_, Judgement.False) => Judgement.False,
        (Judgement.True, Judgement.True) => Judgement.True,
        _ => Judgement.Unjudgeable,
    };

    public static Judgement Or(this Judgement a, Judgement b) => (a, b) switch
    {
        (Judgement.True, _) or (_, Judgement.True) => Judgement.True,
        (Judgement.False, Judgement.False) => Judgement.False,
        _ => Judgement.Unjudgeable,
    };
}
