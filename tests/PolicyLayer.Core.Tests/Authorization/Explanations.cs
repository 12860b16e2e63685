namespace PolicyLayer.Tests.Authorization;

/// <summary>Whether an explanation fits the decision that came after it.</summary>
internal static class Explanations
{
    /// <summary>What differs; null for nothing.</summary>
    public static string? Difference(ToolCallExplanation explanation, ToolCallDecision decision)
    {
        (DecisionOutcome, DecisionCode, string, string?, TimeSpan?) explained =
            (explanation.Outcome, explanation.Code, explanation.Rule, explanation.Message, explanation.RetryAfter);
        (DecisionOutcome, DecisionCode, string, string?, TimeSpan?) decided =
            (decision.Outcome, decision.Code, decision.Rule, decision.Message, decision.RetryAfter);
        if (explained != decided)
        {
            return $"explained {explained}, decided {decided}";
        }

        ExplainedStep? first = explanation.Steps.FirstOrDefault(step => step.Code is not null);
        (DecisionCode, string) deciding = first is null ? (DecisionCode.Allowed, "") : (first.Code!.Value, first.Rule);
        if (deciding != (decision.Code, decision.Rule))
        {
            return $"the first step that stands against the call says {deciding}, the decision {(decision.Code, decision.Rule)}";
        }

        int[] steps = [.. explanation.Steps.Select(step => step.Step)];
        return steps.SequenceEqual(steps.Order()) ? null : $"the steps aren't in their order: {string.Join(' ', steps)}";
    }

    /// <summary>All that it says.</summary>
    public static string TextOf(ToolCallExplanation explanation) =>
        string.Join('\n', (string?[])
        [
            explanation.Message,
            explanation.Rule,
            .. explanation.Steps.SelectMany(step => (string?[])[step.Rule, step.Why, .. step.Conditions.SelectMany(TextsOf)]),
            .. explanation.Limits.Select(limit => $"{limit.Rule} {limit.Counter} {limit.Used} {limit.Max}"),
            .. explanation.Approval is { } approval ? (string?[])[.. approval.Rules, .. approval.Same, approval.Id] : [],
        ]);

    private static IEnumerable<string?> TextsOf(ExplainedCondition condition) =>
        [condition.Rule, condition.Path, condition.Operator, condition.Why];
}
