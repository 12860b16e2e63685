using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Has a call read and judged by its policy. What can't be judged is denied.</summary>
internal sealed class Judging(ReadingOptions options, HostClock clock, FaultReporter faults)
{
    /// <param name="call">The call.</param>
    /// <param name="policy">What it is judged by.</param>
    /// <param name="id">The number that its decision will have.</param>
    /// <param name="report">Takes down what was read; null when nobody asks.</param>
    public Evaluation Judge(in ToolCall call, in ResolvedPolicy policy, DecisionId id, CallReport? report)
    {
        if (policy.Tree is not { } tree || (call.SaysNothing && !policy.Entry.ReadsCalls))
        {
            return policy.Entry.Unread;
        }

        return Read(call, policy, tree, id, report);
    }

    /// <summary>The same, and takes down what the policy says of the call, as far as it can be read.</summary>
    /// <param name="call">The call.</param>
    /// <param name="policy">What it is judged by.</param>
    /// <param name="id">The number that its decision would have.</param>
    /// <param name="trace">Where it is taken down.</param>
    /// <returns>What is said of the call, and what would be if no rule stood against it: the same where that isn't known.</returns>
    public (Evaluation Evaluation, Evaluation Passing) Explain(in ToolCall call, in ResolvedPolicy policy, DecisionId id, Trace trace)
    {
        if (policy.Tree is not { } tree)
        {
            return (policy.Entry.Unread, policy.Entry.Unread);
        }

        UnreadableMember? unreadable = null;
        try
        {
            // One time for both, as rules may go by it.
            long? now = policy.Entry.Paths.ReadsTime ? ReadTime(id) : null;
            Evaluation evaluation = tree.Evaluate(call, policy.Grant, options, policy.Entry, now, report: null, ref unreadable);
            if (unreadable is not null)
            {
                TellUnreadable(unreadable, id);
            }

            Evaluation? passing = evaluation.Verdict.Code.IsAfterEntry()
                ? tree.Explain(call, policy.Grant, options, policy.Entry, now, trace)
                : null;
            return (evaluation, passing ?? evaluation);
        }
        catch (Exception e)
        {
            TellBroken(e, unreadable, id);
            var broken = new Evaluation(tree.Verdicts.Get(DecisionCode.InternalError));
            return (broken, broken);
        }
    }

    // Out of line: a frame is cleared on every call, and grows with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Evaluation Read(in ToolCall call, in ResolvedPolicy policy, PolicyTree tree, DecisionId id, CallReport? report)
    {
        UnreadableMember? unreadable = null;
        Evaluation evaluation;
        try
        {
            long? now = policy.Entry.Paths.ReadsTime ? ReadTime(id) : null;
            evaluation = tree.Evaluate(call, policy.Grant, options, policy.Entry, now, report, ref unreadable);
        }
        catch (Exception e)
        {
            // A host's dictionary, a disposed document or a bug of ours.
            TellBroken(e, unreadable, id);
            return new Evaluation(tree.Verdicts.Get(DecisionCode.InternalError));
        }

        if (unreadable is not null)
        {
            TellUnreadable(unreadable, id);
        }

        return evaluation;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellBroken(Exception exception, UnreadableMember? unreadable, DecisionId id) => faults.Tell(
        FaultKind.Judging, unreadable?.Place ?? nameof(ToolCall), exception, id.ToString(), unreadable?.Pointer, unreadable?.Type);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellUnreadable(UnreadableMember unreadable, DecisionId id) => faults.Tell(
        FaultKind.Malformed,
        unreadable.Place,
        new FormatException("A host's dictionary can't be judged."),
        id.ToString(),
        unreadable.Pointer,
        unreadable.Type);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long? ReadTime(DecisionId id) => clock.ReadUnixMilliseconds(id) is var now and not HostClock.NoTime ? now : null;
}
