namespace PolicyLayer.DecisionTree.Conditions;

/// <summary>Conditions that must hold together; none always hold.</summary>
internal sealed class RuleNode(Condition[] conditions, Denial denial)
{
    /// <summary>What a call is told that the rule stands against.</summary>
    public Denial Denial => denial;

    /// <summary>Whether it holds whatever the call says.</summary>
    public bool AlwaysHolds => conditions.Length == 0;

    public Judgement Judge(in CallFacts facts)
    {
        Judgement all = Judgement.True;
        foreach (Condition condition in conditions)
        {
            all = all.And(condition.Judge(facts));
            if (all == Judgement.False)
            {
                break;
            }
        }

        return all;
    }
}
