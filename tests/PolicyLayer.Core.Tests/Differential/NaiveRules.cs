namespace PolicyLayer.Tests.Differential;

/// <summary>What the naive evaluator says of each rule and condition that an explanation tells of.</summary>
internal sealed class NaiveRules(Json policy)
{
    /// <summary>The first that it says otherwise of; null for none.</summary>
    public string? Difference(GeneratedCall call, ToolCallExplanation explanation, DateTimeOffset now)
    {
        Json Root(string name) => name == "time" ? NaiveTime.At(now, policy["time_zone"]?.Text ?? "UTC") : call.Root(name);
        foreach (ExplainedStep step in explanation.Steps.Where(step => IsRule(step)))
        {
            bool require = step.Step == 7;
            if (Result(NaiveEvaluator.Rule(At(step.Rule), Root, require)) != step.Result)
            {
                return $"{step.Rule} is said to be {step.Result}";
            }

            ExplainedCondition? condition = step.Conditions.FirstOrDefault(
                each => Result(NaiveCondition.Judge(At(each.Rule), Root, require)) != each.Result);
            if (condition is not null)
            {
                return $"{condition.Rule} is said to be {condition.Result}";
            }

            if (step.Conditions.Count != CountOf(At(step.Rule)))
            {
                return $"{step.Rule} has other conditions";
            }
        }

        return null;
    }

    private static bool IsRule(ExplainedStep step) =>
        step.Step is 7 or 8 || (step.Step == 10 && !step.Rule.EndsWith("/action", StringComparison.Ordinal));

    private static int CountOf(Json rule) =>
        (rule["conditions"]?.Items.Count ?? 0) + (rule["any"]?.Items.Sum(list => list.Items.Count) ?? 0);

    private static ExplainedResult Result(Truth truth) => truth switch
    {
        Truth.False => ExplainedResult.False,
        Truth.True => ExplainedResult.True,
        _ => ExplainedResult.Unjudgeable,
    };

    private Json At(string pointer)
    {
        Json place = policy;
        foreach (string step in pointer.Split('/').Skip(1))
        {
            place = place.Kind == "array"
                ? place.Items[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]
                : place[step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)]!;
        }

        return place;
    }
}
