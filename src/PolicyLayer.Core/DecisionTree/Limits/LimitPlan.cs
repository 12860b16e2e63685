using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Limits;

/// <summary>
/// All limits of an entry in their order, those of <c>all_tools</c> first, and the counters that they use: each counter once, with its
/// tightest maximum. Entries with equal limits share it. INVARIANT: no counter stands twice in one list, so that a counter has the place
/// of its limit but where a limit of the entry is on a counter of <c>all_tools</c>.
/// </summary>
internal sealed class LimitPlan
{
    private readonly LimitPlan? _common;
    private readonly LimitNode[] _own;
    private readonly int[]? _ownPlaces;
    private readonly int[]? _ownCounters;
    private readonly bool _needsSession;

    /// <param name="limits">The entry's limits, at least one, no two on one counter.</param>
    /// <param name="places">
    /// Where the paths of their amounts stand in the entry's table, −1 for those that count calls; null for none.
    /// </param>
    /// <param name="common">The limits of <c>all_tools</c>, which come first; null for none.</param>
    /// <param name="twins">For each limit which of the common ones is on the same counter, −1 for none; null where none is.</param>
    public LimitPlan(LimitNode[] limits, int[]? places, LimitPlan? common, int[]? twins)
    {
        _own = limits;
        _ownPlaces = places;
        _common = common;
        _needsSession = common is { _needsSession: true } || Array.Exists(limits, limit => limit.Counter.Scope == CounterScope.Session);
        CounterLimit[] shared = common is null ? [] : common.Counters.Own;
        if (twins is null)
        {
            Counters = new CounterLimits(shared, Array.ConvertAll(limits, CounterOf));
            return;
        }

        var own = new List<CounterLimit>();
        var tightened = new Dictionary<int, long>();
        _ownCounters = new int[limits.Length];
        for (int i = 0; i < limits.Length; i++)
        {
            _ownCounters[i] = twins[i] < 0 ? shared.Length + own.Count : twins[i];
            if (twins[i] < 0)
            {
                own.Add(CounterOf(limits[i]));
            }
            else if (limits[i].MaxMillionths < shared[twins[i]].MaxMillionths)
            {
                tightened.Add(twins[i], limits[i].MaxMillionths);
            }
        }

        Counters = new CounterLimits(shared, [.. own], tightened.Count == 0 ? null : tightened);
    }

    /// <summary>Whether the amounts, or whether they can be counted at all, depend on the call.</summary>
    public bool ReadsCalls => ReadsAmounts || _needsSession;

    /// <summary>All limits in the order in which a call meets them.</summary>
    public JoinedLimits Limits => new(_common is null ? [] : _common._own, _own);

    /// <summary>The counters and their maxima, each counter once.</summary>
    public CounterLimits Counters { get; }

    private bool ReadsAmounts => _ownPlaces is not null || _common is { ReadsAmounts: true };

    private int CommonCount => _common is null ? 0 : _common._own.Length;

    /// <summary>
    /// Finds what the call adds to each counter: null amounts when that is one unit each. Returns what stands against it, with the first
    /// limit that can't be counted, or <see cref="DecisionCode.Allowed"/>.
    /// </summary>
    public DecisionCode Prepare(in ToolCall call, in CallFacts facts, out long[]? amounts, out int limit)
    {
        amounts = null;
        limit = 0;
        if (!ReadsAmounts && (!_needsSession || call.SessionId is not null))
        {
            return DecisionCode.Allowed;
        }

        JoinedLimits limits = Limits;
        amounts = new long[Counters.Length];
        for (; limit < limits.Length; limit++)
        {
            if (call.SessionId is null && limits[limit].Counter.Scope == CounterScope.Session)
            {
                return DecisionCode.SessionMissing;
            }

            if (!TryReadAmount(PlaceOf(limit), facts, out long amount))
            {
                return DecisionCode.IncrementInvalid;
            }

            ref long largest = ref amounts[CounterOf(limit)];
            largest = Math.Max(largest, amount);
        }

        return DecisionCode.Allowed;
    }

    public CounterRequest Request(long unixMilliseconds, string grantId, string? sessionId, long[]? amounts) =>
        new(unixMilliseconds, grantId, sessionId, Counters, amounts);

    /// <summary>The first limit that a store refused, and how.</summary>
    public LimitRefusal FindExceeded(in CounterRequest request, in CounterReservation refusal)
    {
        // Each counter has the tightest maximum of its limits: what fits there fits them all. A store's word isn't taken for it.
        long retryAfter = CounterArithmetic.CanEverFit(request) ? refusal.RetryAfterMilliseconds : 0;
        JoinedLimits limits = Limits;
        for (int i = 0; i < limits.Length; i++)
        {
            int counter = CounterOf(i);
            (long used, long amount, long max) =
                (refusal.GetUsedMillionths(counter), request.AmountMillionths(counter), limits[i].MaxMillionths);
            if (!CounterArithmetic.Fits(used, amount, max))
            {
                bool neverFits = amount > max;
                return new LimitRefusal(i, neverFits, neverFits ? 0 : Math.Max(max - used, 0), retryAfter);
            }
        }

        return new LimitRefusal(0, NeverFits: false, 0, retryAfter);
    }

    /// <summary>The first limit that uses a counter.</summary>
    public int FindByCounter(int counter)
    {
        int limit = 0;
        while (CounterOf(limit) != counter && limit < Limits.Length - 1)
        {
            limit++;
        }

        return CounterOf(limit) == counter ? limit : 0;
    }

    private static CounterLimit CounterOf(LimitNode limit) => new(limit.Counter, limit.MaxMillionths);

    /// <summary>The place of a limit's counter.</summary>
    private int CounterOf(int limit) => _ownCounters is null || limit < CommonCount ? limit : _ownCounters[limit - CommonCount];

    /// <summary>Where the path of a limit's amount stands in the entry's table; −1 where calls are counted.</summary>
    private int PlaceOf(int limit) => limit < CommonCount
        ? _common!.PlaceOf(limit)
        : _ownPlaces?[limit - CommonCount] ?? -1;

    private static bool TryReadAmount(int place, in CallFacts facts, out long amount)
    {
        amount = CounterDemand.Unit;
        if (place < 0)
        {
            return true;
        }

        int token = facts.Resolve(place);
        if (token < 0)
        {
            return false;
        }

        JsonValue value = facts.ValueAt(PathRoot.Arguments, token);
        return facts.Scratch.Work.TrySpend(StepCosts.Condition + StepCosts.Number + value.Raw.Length)
            && value.Kind == JsonKind.Number
            && value.Number.TryGetMillionths(out amount);
    }
}
