using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Takes down what the rules of a list say of a call, one by one.</summary>
internal static class TracedRules
{
    /// <param name="first">The first rule of the list; null for none.</param>
    /// <param name="denial">What their denials have in common.</param>
    /// <param name="facts">What the call says.</param>
    /// <param name="trace">Where it is taken down.</param>
    public static void Take(RuleNode? first, in RuleDenial denial, in CallFacts facts, Trace trace)
    {
        Place list = PolicyPlaces.Entry(denial.ToolKey).Member(denial.List.Name);
        int index = 0;
        for (RuleNode? rule = first; rule is not null && TryTake(rule, index, list.Element(index), denial, facts, trace); rule = rule.Next)
        {
            index++;
        }
    }

    private static bool TryTake(RuleNode rule, int index, Place place, in RuleDenial denial, in CallFacts facts, Trace trace)
    {
        WorkBudget work = facts.Scratch.Work;
        if (!trace.TryBegin(work))
        {
            return false;
        }

        Judgement result = rule.Judge(facts);
        Verdict? verdict = result == denial.List.Passing ? null : rule.Deny(denial, index, facts);
        if (!trace.TryEnd(work))
        {
            return false;
        }

        trace.Add(new ExplainedStep
        {
            Step = denial.List.Step,
            Rule = place.Pointer,
            Result = result.ToResult(),
            Code = verdict?.Code,
            Why = verdict?.Words,
            Conditions = ConditionsOf(rule, place, facts, trace),
        });
        return true;
    }

    private static List<ExplainedCondition> ConditionsOf(RuleNode rule, Place place, in CallFacts facts, Trace trace)
    {
        WorkBudget work = facts.Scratch.Work;
        var conditions = new List<ExplainedCondition>();
        foreach ((Place at, Condition condition) in rule.Conditions(place))
        {
            if (!trace.TryBegin(work))
            {
                break;
            }

            Judgement result = condition.Judge(facts);
            Cause cause = condition.FindCause(facts, result);
            if (!trace.TryEnd(work))
            {
                break;
            }

            conditions.Add(new ExplainedCondition
            {
                Rule = at.Pointer,
                Path = condition.Path.ToString(),
                Operator = condition.Operator,
                Result = result.ToResult(),
                Why = CauseWords.DescribeOne(cause),
            });
        }

        return conditions;
    }
}
