using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What a denied agent is told of a rule: the author's words, or which rule it was. Never an operand.</summary>
internal static class RuleWording
{
    private const int MaxConditions = 4;

    /// <summary>The words for a rule; null for those of the code.</summary>
    public static string? Describe(RuleList list, RuleWords? words, IEnumerable<Condition> conditions)
    {
        if (words?.OnDeny is { } onDeny)
        {
            return onDeny;
        }

        string? rule = words?.Name is { } name ? Quoted.Of(name) : Join(conditions);
        if (rule is null)
        {
            return null;
        }

        return list.MustHold ? $"The call does not meet the rule {rule}." : $"The call is denied by the rule {rule}.";
    }

    /// <summary>What was wanting for a condition to be judged.</summary>
    public static string Describe(in Doubt doubt)
    {
        Condition condition = doubt.Condition;
        string path = Quoted.Of(condition.Path.ToString());
        return doubt.Reason switch
        {
            DoubtReason.WrongStep => $"{path} leads through a value of another kind than it needs.",
            DoubtReason.CaseVariant => $"{path} must be spelt exactly so: the call has a name that differs from it only by case.",
            DoubtReason.NotGiven => $"The host gives no {path}.",
            DoubtReason.Operand => $"{Quoted.Of(condition.OperandPath)} must be {condition.OperandNeed}.",
            DoubtReason.WrongKind => $"{path} must be {condition.NeedOfKind}.",
            _ => $"{path} must be {condition.Need}.",
        };
    }

    private static string? Join(IEnumerable<Condition> conditions)
    {
        string[] told =
        [
            .. conditions.Take(MaxConditions + 1)
                .Select(condition => $"{Quoted.Of(condition.Path.ToString())} (`{condition.Operator}`)"),
        ];
        return told.Length switch
        {
            0 => null,
            1 => "on " + told[0],
            <= MaxConditions => $"on {string.Join(", ", told[..^1])} and {told[^1]}",
            _ => $"on {string.Join(", ", told[..^1])} and more",
        };
    }
}
