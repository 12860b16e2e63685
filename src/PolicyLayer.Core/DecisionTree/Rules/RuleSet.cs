using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// The rules of one entry, and those of <c>all_tools</c>, which come first in each list. Entries share the latter: copies would take
/// the product of both.
/// </summary>
/// <param name="require">The first rule of those that must hold, or null.</param>
/// <param name="denyIf">The first of those that may not hold, or null.</param>
/// <param name="shared">The rules of <c>all_tools</c>, for an entry of its own.</param>
internal sealed class RuleSet(RuleNode? require, RuleNode? denyIf, RuleSet? shared)
{
    /// <summary>The denial of the first rule that stands against a call, or null. What is unjudgeable denies on either side.</summary>
    /// <param name="facts">What the call says.</param>
    /// <param name="allowed">The entry's verdict on calls that no rule stands against.</param>
    /// <param name="toolKey">The entry's key; null for what judges tools without an entry.</param>
    public Verdict? Judge(in CallFacts facts, Verdict allowed, string? toolKey)
    {
        if (shared?.JudgeRequire(facts, allowed, null) is { } common)
        {
            return common;
        }

        return JudgeRequire(facts, allowed, toolKey)
            ?? shared?.JudgeDenyIf(facts, allowed, null)
            ?? JudgeDenyIf(facts, allowed, toolKey);
    }

    /// <summary>Takes down what every rule says of a call, also behind the first that stands against it.</summary>
    /// <param name="facts">What the call says.</param>
    /// <param name="allowed">The entry's verdict on calls that no rule stands against.</param>
    /// <param name="toolKey">The entry's key; null for what judges tools without an entry.</param>
    /// <param name="trace">Where it is taken down.</param>
    public void Explain(in CallFacts facts, Verdict allowed, string? toolKey, Trace trace)
    {
        shared?.ExplainRequire(facts, allowed, null, trace);
        ExplainRequire(facts, allowed, toolKey, trace);
        shared?.ExplainDenyIf(facts, allowed, null, trace);
        ExplainDenyIf(facts, allowed, toolKey, trace);
    }

    private void ExplainRequire(in CallFacts facts, Verdict allowed, string? toolKey, Trace trace) =>
        TracedRules.Take(require, new RuleDenial(RuleList.Require, toolKey, allowed.Policy, allowed.Risk), facts, trace);

    private void ExplainDenyIf(in CallFacts facts, Verdict allowed, string? toolKey, Trace trace) =>
        TracedRules.Take(denyIf, new RuleDenial(RuleList.DenyIf, toolKey, allowed.Policy, allowed.Risk), facts, trace);

    private Verdict? JudgeRequire(in CallFacts facts, Verdict allowed, string? toolKey) =>
        require is null ? null : Judge(RuleList.Require, require, facts, allowed, toolKey);

    private Verdict? JudgeDenyIf(in CallFacts facts, Verdict allowed, string? toolKey) =>
        denyIf is null ? null : Judge(RuleList.DenyIf, denyIf, facts, allowed, toolKey);

    // Out of line: what is inlined four times makes the frame of every call four times as large, and frames are cleared.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Verdict? Judge(RuleList list, RuleNode first, in CallFacts facts, Verdict allowed, string? toolKey)
    {
        Judgement passing = list.Passing;
        int index = 0;
        for (RuleNode? rule = first; rule is not null; rule = rule.Next)
        {
            if (rule.Judge(facts) != passing)
            {
                return Deny(list, rule, index, facts, allowed, toolKey);
            }

            index++;
        }

        return null;
    }

    // A document with a bad rule yields no policy, so that a rule's place in the list is its place here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Verdict Deny(RuleList list, RuleNode rule, int index, in CallFacts facts, Verdict allowed, string? toolKey) =>
        rule.Deny(new RuleDenial(list, toolKey, allowed.Policy, allowed.Risk), index, facts);
}
