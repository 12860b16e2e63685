namespace PolicyLayer.DecisionTree.Conditions;

/// <summary>The rules of one entry, those of <c>all_tools</c> first. What is unjudgeable denies on either side.</summary>
internal sealed class RuleSet(RuleNode[] require, RuleNode[] denyIf, ToolRisk risk)
{
    /// <summary>The denial of the first rule that stands against a call, or null.</summary>
    public Verdict? Judge(in CallFacts facts)
    {
        foreach (RuleNode rule in require)
        {
            if (rule.Judge(facts) != Judgement.True)
            {
                return rule.Denial.For(risk);
            }
        }

        foreach (RuleNode rule in denyIf)
        {
            if (rule.Judge(facts) != Judgement.False)
            {
                return rule.Denial.For(risk);
            }
        }

        return null;
    }
}
