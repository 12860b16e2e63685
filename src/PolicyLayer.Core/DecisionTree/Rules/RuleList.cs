using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// What the rules of one list mean for a call. INVARIANT: a list leans one of two ways, and what is unjudgeable stands against a call in
/// either; a bool says which, as a third way would be one that nothing looks at.
/// </summary>
internal sealed class RuleList
{
    private RuleList(string name, bool mustHold, int step, DecisionCode code, string wordsOfRule)
    {
        Name = name;
        Step = step;
        MustHold = mustHold;
        Code = code;
        WordsOfRule = wordsOfRule;
    }

    public static RuleList Require { get; } =
        new("require", mustHold: true, DecisionStep.Require, DecisionCode.RequireFailed, "The call does not meet the rule");

    public static RuleList DenyIf { get; } =
        new("deny_if", mustHold: false, DecisionStep.DenyIf, DecisionCode.DenyIfMatched, "The call is denied by the rule");

    public static RuleList ApproveIf { get; } =
        new("approve_if", mustHold: false, DecisionStep.Approval, DecisionCode.ApprovalRequired, "The call needs approval under the rule");

    /// <summary>The member of an entry that has the list.</summary>
    public string Name { get; }

    /// <summary>The number of the step in which calls meet it.</summary>
    public int Step { get; }

    /// <summary>
    /// Whether a call passes when a rule holds: then every element of <c>[*]</c> must satisfy a condition. Else it passes when a rule
    /// doesn't hold, and one element is enough for it to hold.
    /// </summary>
    public bool MustHold { get; }

    /// <summary>The code of a call that a rule stands against.</summary>
    public DecisionCode Code { get; }

    /// <summary>What such a call is told, before which rule it was.</summary>
    public string WordsOfRule { get; }

    /// <summary>The one judgement with which a call passes a rule.</summary>
    public Judgement Passing => Judgements.Of(MustHold);
}
