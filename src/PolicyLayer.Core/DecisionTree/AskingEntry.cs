using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree;

/// <summary>An entry whose calls a person may have to approve, though nothing else stands against them.</summary>
internal sealed class AskingEntry : ToolEntry
{
    /// <param name="verdict">An allow.</param>
    /// <param name="paths">What the rules and limits read.</param>
    /// <param name="arguments">The schema of the arguments, or null.</param>
    /// <param name="rules">The rules that deny, or null.</param>
    /// <param name="counting">What calls that pass are counted by, or null.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="approvals">What asks.</param>
    public AskingEntry(
        Verdict verdict,
        PathTable paths,
        SchemaNode? arguments,
        RuleSet? rules,
        CounterPlan? counting,
        string? key,
        ApprovalNode approvals)
        : base(verdict, paths, arguments, rules, counting, key)
    {
        Approvals = approvals;
        ReadsCalls = true;
        IsUnconditional = false;
    }

    public ApprovalNode Approvals { get; }

    /// <summary>What is said of a call that passes otherwise: an order that it can't be judged by comes first, a limit after.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Evaluation Ask(in ToolCall call, in CallFacts facts, in ReadingOptions options)
    {
        Evaluation passing = Pass(call, facts, options);
        if (passing.Verdict.Code == DecisionCode.OrderViolated || Approvals.FindAsking(facts, Verdict) is not { } asking)
        {
            return passing;
        }

        if (ApprovalSubject.Write(call, facts, asking, Approvals) is not { } subject)
        {
            return new Evaluation(Verdict.Deny(DecisionCode.ArgumentsMalformed, Verdict.Policy, Risk));
        }

        string exact = options.Binding.Of(subject.Bound);
        var need = new ApprovalNeed(
            asking.Verdict,
            subject.IsBoundBySame ? options.Binding.Of(subject.BoundBySame) : exact,
            exact,
            Approvals.Cover,
            ApprovalContent.Write(call, asking, subject),
            asking.Rules,
            passing.Verdict == Verdict ? null : passing.Verdict);
        return new Evaluation(Verdict, new Obligations(passing.Counting, passing.Demands, need));
    }
}
