namespace PolicyLayer.Json.Values;

internal enum NumericOperator : byte
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Compares numbers in two readings, exactly and as nearest doubles; what they disagree on is unjudgeable.</summary>
internal static class JsonNumberComparison
{
    public static Judgement Judge(NumericOperator comparison, in JsonNumber a, in JsonNumber b)
    {
        bool exact = Holds(comparison, JsonNumber.Compare(a, b));
        bool agreed = (a.ReadingsAgree && b.ReadingsAgree) || exact == HoldsOfDoubles(comparison, a, b);
        return agreed ? Judgements.Of(exact) : Judgement.Unjudgeable;
    }

    private static bool HoldsOfDoubles(NumericOperator comparison, in JsonNumber a, in JsonNumber b) =>
        Holds(comparison, a.ToNearestDouble().CompareTo(b.ToNearestDouble()));

    private static bool Holds(NumericOperator comparison, int order) => comparison switch
    {
        NumericOperator.Equal => order == 0,
        NumericOperator.Less => order < 0,
        NumericOperator.LessOrEqual => order <= 0,
        NumericOperator.Greater => order > 0,
        _ => order >= 0,
    };
}
