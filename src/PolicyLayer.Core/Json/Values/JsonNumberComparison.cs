using PolicyLayer.Calls;

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
    /// <summary>Compares two numbers that were read. Counts the comparison, not the reading.</summary>
    public static Judgement Judge(NumericOperator comparison, in JsonNumber a, in JsonNumber b, WorkBudget work)
    {
        bool isPlain = a.ReadingsAgree && b.ReadingsAgree;
        if (!work.TrySpend(isPlain ? StepCosts.Comparison + a.Length : (long)a.Length + b.Length + CostOfDouble(a) + CostOfDouble(b)))
        {
            return Judgement.Unjudgeable;
        }

        bool exact = Holds(comparison, JsonNumber.Compare(a, b));
        return isPlain || exact == HoldsOfDoubles(comparison, a, b) ? Judgements.Of(exact) : Judgement.Unjudgeable;
    }

    /// <summary>The steps of finding a number's nearest double.</summary>
    public static int CostOfDouble(in JsonNumber number) =>
        StepCosts.Double
        + (StepCosts.DoubleDigit * Math.Min(number.Length, JsonNumber.DoubleDigits))
        + (number.IsAmongSmallestDoubles ? StepCosts.SmallestDouble : 0);

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
