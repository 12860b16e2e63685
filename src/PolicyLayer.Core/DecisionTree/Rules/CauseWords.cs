using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What is wanting for a call to meet a rule, beyond which rule it is. Never a value, nor operand.</summary>
internal static class CauseWords
{
    /// <summary>The sentence; null where there is nothing to say.</summary>
    public static string? Describe(in Causes causes)
    {
        // Of some of the lists of `any` it could be more than is true.
        if (causes.IsEmpty || causes.HasMore)
        {
            return null;
        }

        Cause[] all = [.. causes.All];
        return all is [var only] ? DescribeOne(only) : DescribeAlternatives(all);
    }

    /// <summary>The sentence about one; null where there is nothing to say.</summary>
    public static string? DescribeOne(in Cause cause)
    {
        string path = PathOf(cause);
        return cause.Kind switch
        {
            CauseKind.Judged => null,
            CauseKind.Missing => $"{path} is missing.",
            CauseKind.NoElement => $"{path} finds no element.",
            _ => FindNeed(cause) is { } need ? $"{path} must be {need}." : DescribeOther(cause) + ".",
        };
    }

    /// <summary>
    /// Any of the lists would do. Where a value is what another list takes, its kind isn't what is wrong; and whoever gives one of two
    /// arguments isn't told that the other is missing.
    /// </summary>
    private static string? DescribeAlternatives(Cause[] causes)
    {
        HashSet<int> judged =
        [
            .. causes.Where(cause => cause is { Kind: CauseKind.Judged, Condition: not ExistsCondition })
                .Select(cause => cause.Condition.Place),
        ];
        Cause[] told = [.. causes.Where(cause => cause.Kind != CauseKind.Judged && !judged.Contains(cause.Condition.Place))];
        bool areAbsent = Array.TrueForAll(causes, cause => cause.IsAbsence);
        if (areAbsent)
        {
            return $"{Listing.Or(told.Select(PathOf))} must be given.";
        }

        told = [.. told.Where(cause => !cause.IsAbsence)];
        if (told.Length == 0)
        {
            return null;
        }

        IEnumerable<string> needs = told.Where(cause => FindNeed(cause) is not null).GroupBy(PathOf, StringComparer.Ordinal)
            .Select(group => $"{group.Key} must be {Listing.Or(group.Select(cause => FindNeed(cause)!))}");
        IEnumerable<string> others = told.Where(cause => FindNeed(cause) is null).Select(DescribeOther);
        return string.Join(", or ", needs.Concat(others).Distinct(StringComparer.Ordinal)) + ".";
    }

    /// <summary>What the value must be, in the words that follow <c>must be</c>; null where that isn't how it is said.</summary>
    private static string? FindNeed(Cause cause) => cause.Kind switch
    {
        CauseKind.Unreadable => cause.Condition.Need,
        CauseKind.Needed => cause.Words,
        CauseKind.WrongKind => cause.Condition.NeedOfKind,
        _ => null,
    };

    private static string DescribeOther(Cause cause)
    {
        string path = PathOf(cause);
        string operand = Quoted.Of(cause.Condition.OperandPath);
        return cause.Kind switch
        {
            CauseKind.WrongStep => $"{path} leads through a value of another kind than it needs",
            CauseKind.CaseVariant => $"{path} must be spelt exactly so: the call has a name that differs from it only by case",
            CauseKind.NotGiven => $"The host gives no {path}",
            CauseKind.OperandNotGiven => $"The host gives no {operand}",
            CauseKind.Operand => $"{operand} must be {cause.Condition.OperandNeed}",
            _ => $"`{cause.Condition.Operator}` can't judge {path}: {cause.Words}",
        };
    }

    private static string PathOf(Cause cause) => Quoted.Of(cause.Condition.Path.ToString());
}
