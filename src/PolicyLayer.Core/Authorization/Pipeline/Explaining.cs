using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Has a call judged as a decision would, with looks in place of charges, and tells each step. INVARIANT: nothing is spent, and nobody is
/// asked for approval.
/// </summary>
internal sealed class Explaining(
    Judging judging, Charging charging, ApprovalGate gate, ApprovalRequests requests, HostClock clock, long maxWork)
{
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<ToolCallExplanation> ExplainAsync(
        ToolCall call, ResolvedPolicy policy, DecisionId id, CancellationToken cancellationToken)
    {
        var trace = new Trace(maxWork);
        (Evaluation evaluation, Evaluation passing) = judging.Explain(call, policy, id, trace);
        var judged = new CallInFlight(call, policy, evaluation, id, clock.ReadUnixMilliseconds(id));
        ApprovalPass pass = evaluation.Approval is null
            ? default
            : await gate.LookInAsync(judged, cancellationToken).ConfigureAwait(false);
        CallInFlight counted = evaluation.Approval is null && evaluation.Counting is null ? judged with { Evaluation = passing } : judged;
        CounterReservation? looked = counted.Evaluation.Counting is null
            ? null
            : await charging.LookAsync(counted, cancellationToken).ConfigureAwait(false);
        ToolCallDecision decision = Decide(judged, pass, looked);
        var counters = new ExplainedCounters(counted, looked);
        return new ToolCallExplanation(decision)
        {
            Steps = [.. EntrySteps(call.ToolName, policy, decision), .. Join(trace, counters, evaluation, decision)],
            Limits = counters.Limits,
            Approval = evaluation.Approval is { } need ? Describe(need, decision.ApprovalId ?? pass.Use?.Id) : null,
            IsCut = trace.IsCut,
        };
    }

    private static ToolCallDecision Decide(in CallInFlight judged, in ApprovalPass pass, CounterReservation? looked)
    {
        Evaluation evaluation = judged.Evaluation;
        if (evaluation.Approval is not null && pass.Use is null)
        {
            return pass.Denial;
        }

        return evaluation.Counting is null ? judged.Decide(HostClock.NoTime) : judged.Decide(looked!.Value, HostClock.NoTime);
    }

    /// <summary>The steps up to the tool's entry: all that a call passes, or up to the one that it doesn't.</summary>
    private static IEnumerable<ExplainedStep> EntrySteps(string toolName, ResolvedPolicy policy, ToolCallDecision decision)
    {
        int last = decision.Code.OfEntry();
        foreach (int step in (int[])[DecisionStep.Grant, DecisionStep.Form, DecisionStep.Listing])
        {
            if (last == 0 || step < last)
            {
                string rule = step == DecisionStep.Listing ? PlaceOf(policy, toolName) : "";
                yield return new ExplainedStep { Step = step, Rule = rule, Result = ExplainedResult.True };
            }
        }

        if (last != 0)
        {
            yield return Denied(last, decision.Verdict);
        }
    }

    /// <summary>Which part of the policy judges a tool: entries that say nothing are one, which doesn't tell its key.</summary>
    private static string PlaceOf(ResolvedPolicy policy, string toolName)
    {
        if (policy.Entry.Key is { } key)
        {
            return PolicyPlaces.Entry(key).Pointer;
        }

        return policy.Tree!.IsListed(toolName) ? PolicyPlaces.Tools.Pointer : PolicyPlaces.Default.Pointer;
    }

    /// <summary>The steps behind, in their order.</summary>
    private static List<ExplainedStep> Join(Trace trace, ExplainedCounters counters, Evaluation evaluation, ToolCallDecision decision)
    {
        DecisionCode? asked = WhatAskingMeans(evaluation, decision);
        string? why = asked is null or DecisionCode.ApprovalRequired ? null : decision.Verdict.Words;
        IEnumerable<ExplainedStep> rules = trace.Steps.Select(step =>
            step is { Step: DecisionStep.Approval, Code: not null } ? step.Under(asked, why) : step);
        List<ExplainedStep> steps = [.. rules.Concat(counters.Steps).OrderBy(step => step.Step)];
        if (trace.IsCut && !decision.IsAllowed && decision.Code.IsAfterEntry())
        {
            Complete(steps, Denied(decision.Code.OfJudgement(counters.OrderStep), decision.Verdict));
        }

        return steps;
    }

    // INVARIANT: the first step with a code decides, also where the work of others left none to look at it.
    private static void Complete(List<ExplainedStep> steps, ExplainedStep deciding)
    {
        ExplainedStep? first = steps.Find(step => step.Code is not null);
        if (first?.Code != deciding.Code || first?.Rule != deciding.Rule)
        {
            int place = steps.FindIndex(step => step.Code is not null || step.Step > deciding.Step);
            steps.Insert(place < 0 ? steps.Count : place, deciding);
        }
    }

    /// <summary>What the call gets by the rules that ask a person: null where one has approved it.</summary>
    private static DecisionCode? WhatAskingMeans(in Evaluation evaluation, in ToolCallDecision decision) => decision.Code switch
    {
        // What comes before stands against the call.
        _ when evaluation.Approval is null => DecisionCode.ApprovalRequired,
        DecisionCode.OrderViolated or DecisionCode.CounterStoreUnavailable => DecisionCode.ApprovalRequired,
        DecisionCode.ApprovalRequired or DecisionCode.ApprovalDenied or DecisionCode.ApprovalStoreUnavailable => decision.Code,
        _ => null,
    };

    private ExplainedApproval Describe(ApprovalNeed need, string? id) => new()
    {
        Rules = need.Rules,
        Uses = need.Cover.Uses,
        ValidFor = need.Cover.Terms(requests.ValidFor).ValidFor,
        Same = need.Binding == need.ExactBinding ? [] : Array.ConvertAll(need.Cover.Same, path => path.Text),
        Id = id,
    };

    private static ExplainedStep Denied(int step, Verdict verdict) => new()
    {
        Step = step,
        Rule = verdict.Rule,
        Result = ExplainedResult.False,
        Code = verdict.Code,
        Why = verdict.Words,
    };
}
