using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What a denied agent is told of a rule: the author's words, or which rule it was. Never an operand.</summary>
internal static class RuleWording
{
    private const int MaxConditions = 4;

    /// <summary>The words for a rule; null for those of the code.</summary>
    /// <param name="list">The rule's list.</param>
    /// <param name="words">What the author says, or null.</param>
    /// <param name="conditions">The conditions to name where the author says nothing.</param>
    /// <param name="causes">What stands against the call.</param>
    public static string? Describe(RuleList list, RuleWords? words, IEnumerable<Condition> conditions, in Causes causes)
    {
        if (words?.OnDeny is { } onDeny)
        {
            return onDeny;
        }

        // Where a rule must hold, what stands against a call is one condition of each list that would do.
        bool areAlternatives = list.MustHold && !causes.IsEmpty;
        string? rule = words?.Name is { } name ? Quoted.Of(name) : Join(conditions, areAlternatives ? "or" : "and", causes.HasMore);
        if (rule is null)
        {
            return null;
        }

        return $"{list.WordsOfRule} {rule}.";
    }

    private static string? Join(IEnumerable<Condition> conditions, string word, bool hasMore)
    {
        string[] told =
        [
            .. conditions.Select(condition => $"{Quoted.Of(condition.Path.ToString())} (`{condition.Operator}`)")
                .Distinct(StringComparer.Ordinal)
                .Take(MaxConditions + 1),
        ];
        bool isCut = hasMore || told.Length > MaxConditions;
        return told.Length == 0 ? null : "on " + Listing.Join(told.Take(MaxConditions), word, isCut ? "more" : null);
    }
}
