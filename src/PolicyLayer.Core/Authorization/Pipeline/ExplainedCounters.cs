using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>What an explanation says of a call's orders and limits, given a look at their counters.</summary>
internal sealed class ExplainedCounters
{
    private readonly List<ExplainedStep> _steps = [];
    private readonly List<ExplainedLimit> _limits = [];
    private readonly string? _toolKey;

    /// <param name="judged">The call.</param>
    /// <param name="looked">What the store says; null for a call that asks no counter.</param>
    public ExplainedCounters(in CallInFlight judged, CounterReservation? looked)
    {
        OrderStep = judged.Policy.Entry is AskingEntry ? DecisionStep.OrderBeforeApproval : DecisionStep.Limits;
        _toolKey = judged.Policy.Entry.Key;
        if (looked is { } answer)
        {
            AddAnswer(judged, answer);
        }

        Verdict verdict = judged.Evaluation.Approval is { } need ? need.Uncounted ?? judged.Evaluation.Verdict : judged.Evaluation.Verdict;
        if (IsUncounted(verdict.Code))
        {
            AddDenial(verdict);
        }
    }

    /// <summary>The number of the step in which orders are looked at.</summary>
    public int OrderStep { get; }

    /// <summary>The steps, orders first.</summary>
    public IReadOnlyList<ExplainedStep> Steps => _steps;

    public IReadOnlyList<ExplainedLimit> Limits => _limits;

    private static bool IsUncounted(DecisionCode code) =>
        code is DecisionCode.OrderViolated or DecisionCode.IncrementInvalid or DecisionCode.PartitionMissing or DecisionCode.SessionMissing;

    private void AddAnswer(in CallInFlight judged, in CounterReservation answer)
    {
        bool isRefused = answer.Status == CounterReservationStatus.Refused;
        if (isRefused || answer.Status == CounterReservationStatus.Admitted)
        {
            Evaluation evaluation = judged.Evaluation;
            foreach (CounterStanding standing in evaluation.Counting!.StandingsOf(judged.Request, answer, evaluation.Demands))
            {
                Add(standing, isRefused);
            }
        }

        // A store that is full or silent, or refuses what fits.
        if (answer.Status != CounterReservationStatus.Admitted && _steps.TrueForAll(step => step.Code is null))
        {
            AddDenial(judged.FindDenial(answer, out _));
        }
    }

    private void Add(in CounterStanding standing, bool isRefused)
    {
        CounterUse use = standing.Use;
        string rule = use.PlaceIn(_toolKey).Pointer;
        bool isUnmet = isRefused && !standing.Fits;
        _steps.Add(new ExplainedStep
        {
            Step = use is OrderNode ? OrderStep : DecisionStep.Limits,
            Rule = rule,
            Result = isUnmet ? ExplainedResult.False : ExplainedResult.True,
            Code = isUnmet ? use.RefusedCode : null,
            Why = isUnmet ? WhyUnmet(standing) : null,
        });
        if (use is LimitNode)
        {
            _limits.Add(new ExplainedLimit
            {
                Rule = rule,
                Counter = use.Counter.CounterName,
                Used = InUnits(standing.UsedMillionths),
                Max = InUnits(use.MaxMillionths),
            });
        }
    }

    private static string WhyUnmet(in CounterStanding standing)
    {
        CounterUse use = standing.Use;
        long left = use.MaxMillionths - standing.UsedMillionths;
        string? words = left > 0 ? use.TooLittleLeft(left) : null;
        return standing.AmountMillionths > use.MaxMillionths ? use.NeverFits : words ?? use.UsedUp;
    }

    private void AddDenial(Verdict verdict) => _steps.Add(new ExplainedStep
    {
        Step = verdict.Code switch
        {
            DecisionCode.OrderViolated or DecisionCode.CounterStoreUnavailable => OrderStep,
            _ => DecisionStep.Limits,
        },
        Rule = verdict.Rule,
        Result = ExplainedResult.False,
        Code = verdict.Code,
        Why = verdict.Words,
    });

    private static decimal InUnits(long millionths) => millionths / (decimal)CounterDemand.Unit;
}
