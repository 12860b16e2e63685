using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// Adds up what a call says of an amount, in millionths, each number rounded up by itself. INVARIANT: what isn't there may have a default;
/// what can't be judged has no amount, whatever stands beside it.
/// </summary>
internal ref struct AmountReader
{
    private readonly AmountSource _source;
    private readonly WorkBudget _work;
    private long _sum;

    private AmountReader(AmountSource source, WorkBudget work)
    {
        _source = source;
        _work = work;
    }

    /// <param name="source">Where the amount stands.</param>
    /// <param name="place">The place of its path in the entry's table.</param>
    /// <param name="facts">What the call says.</param>
    /// <param name="millionths">The amount.</param>
    public static bool TryRead(AmountSource source, int place, in CallFacts facts, out long millionths)
    {
        var reader = new AmountReader(source, facts.Scratch.Work);
        int token = facts.Resolve(place);
        bool isRead = reader._work.TrySpend(StepCosts.Condition)
            && (token < 0
                ? reader.TryAddNothing(token)
                : reader.TryAdd(facts.ValueAt(PathRoot.Arguments, token), source.Path.Tail));
        millionths = reader._sum;
        return isRead;
    }

    private bool TryAdd(JsonValue value, ReadOnlySpan<PathStep> tail)
    {
        if (value.Kind == JsonKind.Null)
        {
            return TryAddNothing(PathSteps.Missing);
        }

        if (tail.IsEmpty)
        {
            return value.Kind == JsonKind.Number
                && _work.TrySpend(StepCosts.Number + value.Raw.Length)
                && value.Number.TryGetMillionths(out long millionths)
                && TryAdd(millionths);
        }

        if (value.Kind != JsonKind.Array)
        {
            return false;
        }

        return tail.Length == 1 && _source.CountsElements ? TryCount(value) : TryAddElements(value, tail[1..]);
    }

    private bool TryAddElements(JsonValue array, ReadOnlySpan<PathStep> steps)
    {
        // Paths and arguments may be as deep as the host allows: what the stack doesn't hold is denied.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!_work.TrySpend(StepCosts.OfLooking(steps.Length)))
        {
            return false;
        }

        int next = steps.IndexOfAllElements();
        ReadOnlySpan<PathStep> head = next < 0 ? steps : steps[..next];
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (!_work.TrySpend(StepCosts.FannedElement))
            {
                return false;
            }

            int token = head.Follow(element, _work);
            if (!(token < 0 ? TryAddNothing(token) : TryAdd(element.At(token), steps[head.Length..])))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryCount(JsonValue array)
    {
        int count = array.CountChildren();
        return _work.TrySpend((long)StepCosts.Child * count) && TryAdd(count * CounterDemand.Unit);
    }

    private bool TryAddNothing(int token) =>
        token == PathSteps.Missing && _source.DefaultMillionths is { } standIn && TryAdd(standIn);

    private bool TryAdd(long millionths)
    {
        _sum += millionths;
        return _sum <= CounterDemand.Largest;
    }
}
