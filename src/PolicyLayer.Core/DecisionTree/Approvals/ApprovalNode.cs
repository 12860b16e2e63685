using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>What asks for the approval of an entry's calls.</summary>
/// <param name="key">The entry's key.</param>
/// <param name="approveIf">The first rule that asks for a call when it holds, or null.</param>
/// <param name="always">What every call is told, where the entry asks for all; else null.</param>
/// <param name="cover">What one approval covers.</param>
/// <param name="paths">What the entry reads.</param>
internal sealed class ApprovalNode(string key, RuleNode? approveIf, Verdict? always, ApprovalCover cover, PathTable paths)
{
    /// <summary>What one approval covers.</summary>
    public ApprovalCover Cover => cover;

    /// <summary>The facts of the host's that rules, limits and orders read, each once.</summary>
    public ContextPath[] ContextPaths => field ??=
    [
        .. Enumerable.Range(0, paths.Count)
            .Where(place => paths[place].Root == PathRoot.Context)
            .Select(place => new ContextPath(place, paths[place].HeadText))
            .DistinctBy(path => path.Text, StringComparer.Ordinal),
    ];

    /// <summary>The same for an entry that reads more.</summary>
    public ApprovalNode With(PathTable otherPaths) => new(key, approveIf, always, cover, otherPaths);

    /// <summary>Takes down what asks for a call, and what doesn't.</summary>
    public void Explain(in CallFacts facts, Verdict allowed, Trace trace)
    {
        TracedRules.Take(approveIf, new RuleDenial(RuleList.ApproveIf, key, allowed.Policy, allowed.Risk), facts, trace);
        if (always is not null)
        {
            trace.Add(new ExplainedStep
            {
                Step = RuleList.ApproveIf.Step,
                Rule = always.Rule,
                Result = ExplainedResult.False,
                Code = always.Code,
                Why = always.Words,
            });
        }
    }

    /// <summary>All that ask for a call, as an approval covers them together; null for none. What is unjudgeable asks.</summary>
    /// <param name="facts">What the call says.</param>
    /// <param name="allowed">The entry's verdict on calls that nobody has to approve.</param>
    public Asking? FindAsking(in CallFacts facts, Verdict allowed)
    {
        Verdict? first = null;
        List<string>? rules = null;
        Judgement passing = RuleList.ApproveIf.Passing;
        int index = 0;
        for (RuleNode? rule = approveIf; rule is not null; rule = rule.Next)
        {
            if (rule.Judge(facts) != passing)
            {
                first ??= rule.Deny(new RuleDenial(RuleList.ApproveIf, key, allowed.Policy, allowed.Risk), index, facts);
                (rules ??= []).Add(PolicyPlaces.Entry(key).Member(RuleList.ApproveIf.Name).Element(index).Pointer);
            }

            index++;
        }

        if (always is not null)
        {
            (rules ??= []).Add(always.Rule);
        }

        return rules is null ? null : new Asking(first ?? always!, rules);
    }
}
