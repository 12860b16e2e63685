using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars;

/// <summary>Logic of nearness: of parts the least counts, of patterns the greatest.</summary>
internal static class Nearnesses
{
    public static Nearness And(this Nearness left, Nearness right) => left < right ? left : right;

    public static Nearness Or(this Nearness left, Nearness right) => left > right ? left : right;

    public static Judgement ToJudgement(this Nearness nearness) => nearness switch
    {
        Nearness.Apart => Judgement.False,
        Nearness.Match => Judgement.True,
        _ => Judgement.Unjudgeable,
    };
}
