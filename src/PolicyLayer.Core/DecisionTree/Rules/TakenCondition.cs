using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// A condition whose operand the same call gives. INVARIANT: without an operand that it takes it is unjudgeable, whatever stands at its
/// path, but for what <c>optional</c> decides.
/// </summary>
internal abstract class TakenCondition : Condition
{
    // Apart, as a struct of both would be padded in each condition.
    private readonly PolicyPath _operand;
    private readonly int _operandPlace;

    protected TakenCondition(ConditionTarget target, OperandSource source)
        : base(target)
    {
        _operand = source.Path;
        _operandPlace = source.Place;
    }

    public sealed override string OperandPath => _operand.ToString();

    private OperandSource Source => new(_operandPlace, _operand);

    protected sealed override CauseKind? FindOperandDoubt(in CallFacts facts)
    {
        if (!Source.TryFind(facts, out JsonValue operand))
        {
            return _operand.Root == PathRoot.Arguments ? CauseKind.Operand : CauseKind.OperandNotGiven;
        }

        return Takes(operand, facts.Scratch) ? null : CauseKind.Operand;
    }

    protected sealed override Obstacle? FindObstacle(in JsonValue value, in CallFacts facts) =>
        Source.TryFind(facts, out JsonValue operand) ? FindObstacle(value, operand, facts.Scratch) : null;

    protected sealed override Judgement Test(in JsonValue argument, in CallFacts facts) =>
        Source.TryFind(facts, out JsonValue operand) ? Test(argument, operand, facts.Scratch) : Judgement.Unjudgeable;

    protected sealed override Judgement WhenMissing(bool mustHold, in CallFacts facts) =>
        HasOperand(facts) ? WhenMissing(mustHold) : Judgement.Unjudgeable;

    protected sealed override Judgement WhenEmpty(in CallFacts facts) => HasOperand(facts) ? Judgement.False : Judgement.Unjudgeable;

    /// <summary>Tests a value by an operand, of which it isn't known yet whether <see cref="Takes"/> takes it: else unjudgeable.</summary>
    protected abstract Judgement Test(in JsonValue argument, in JsonValue operand, CallScratch scratch);

    /// <summary>Whether the operator takes an operand, which isn't null: asked only where no value is there to test.</summary>
    protected abstract bool Takes(in JsonValue operand, CallScratch scratch);

    /// <summary>Why a value can't be judged by an operand that the operator takes, where there is more to say than what it needs.</summary>
    protected virtual Obstacle? FindObstacle(in JsonValue value, in JsonValue operand, CallScratch scratch) => null;

    /// <summary>What the condition says when there is no argument.</summary>
    protected virtual Judgement WhenMissing(bool mustHold) => Judgement.False;

    private bool HasOperand(in CallFacts facts) => Source.TryFind(facts, out JsonValue operand) && Takes(operand, facts.Scratch);
}
