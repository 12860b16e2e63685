using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Limits;

/// <summary>
/// All limits of an entry in their order, and the counters that they use: each counter once, with its tightest maximum. Entries with
/// equal limits share it.
/// </summary>
internal sealed class LimitPlan
{
    private readonly LimitPlan? _common;
    private readonly LimitNode[] _own;
    private readonly int[]? _ownPlaces;
    private readonly bool _needsSession;
    private JoinedLimits? _joined;

    /// <param name="limits">The entry's limits, at least one.</param>
    /// <param name="places">
    /// Where the paths of their amounts stand in the entry's table, −1 for those that count calls; null for none.
    /// </param>
    /// <param name="common">The limits of <c>all_tools</c>, which come first; null for none.</param>
    public LimitPlan(LimitNode[] limits, int[]? places, LimitPlan? common)
    {
        _own = limits;
        _ownPlaces = places;
        _common = common;
        _needsSession = common is { _needsSession: true } || Array.Exists(limits, limit => limit.Counter.Scope == CounterScope.Session);

        // Joining all entries' limits with those of `all_tools` would take the product of both: it waits for the first call.
        _joined = common is null ? JoinedLimits.Of(limits, places) : null;
    }

    /// <summary>Whether the amounts, or whether they can be counted at all, depend on the call.</summary>
    public bool ReadsCalls => ReadsAmounts || _needsSession;

    /// <summary>All limits in the order in which a call meets them.</summary>
    public LimitNode[] Limits => Joined.Limits;

    /// <summary>The counters and their maxima, each counter once.</summary>
    public CounterLimit[] Counters => Joined.Counters;

    private bool ReadsAmounts => _ownPlaces is not null || _common is { ReadsAmounts: true };

    private JoinedLimits Joined => _joined ?? Join();

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

        JoinedLimits joined = Joined;
        amounts = new long[joined.Counters.Length];
        for (; limit < joined.Limits.Length; limit++)
        {
            if (call.SessionId is null && joined.Limits[limit].Counter.Scope == CounterScope.Session)
            {
                return DecisionCode.SessionMissing;
            }

            if (!TryReadAmount(joined.Places?[limit] ?? -1, facts, out long amount))
            {
                return DecisionCode.IncrementInvalid;
            }

            ref long largest = ref amounts[joined.CounterOfLimit[limit]];
            largest = Math.Max(largest, amount);
        }

        return DecisionCode.Allowed;
    }

    public CounterRequest Request(long unixMilliseconds, string grantId, string? sessionId, long[]? amounts) =>
        new(unixMilliseconds, grantId, sessionId, Counters, amounts);

    /// <summary>The first limit that a store refused, and how long to wait for it; 0 when waiting doesn't help.</summary>
    public int FindExceeded(in CounterRequest request, in CounterReservation refusal, out long retryAfterMilliseconds)
    {
        JoinedLimits joined = Joined;
        int first = -1;
        for (int i = 0; i < joined.Limits.Length && first < 0; i++)
        {
            int counter = joined.CounterOfLimit[i];
            bool fits = CounterArithmetic.Fits(
                refusal.GetUsedMillionths(counter), request.AmountMillionths(counter), joined.Limits[i].MaxMillionths);
            first = fits ? -1 : i;
        }

        // Each counter has the tightest maximum of its limits: what fits there fits them all. A store's word isn't taken for it.
        retryAfterMilliseconds = CounterArithmetic.CanEverFit(request) ? refusal.RetryAfterMilliseconds : 0;
        return Math.Max(first, 0);
    }

    /// <summary>The first limit that uses a counter.</summary>
    public int FindByCounter(int counter) => Math.Max(Array.IndexOf(Joined.CounterOfLimit, counter), 0);

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
        facts.Scratch.Work.Left -= StepCosts.Condition + value.Raw.Length;
        return value.Kind == JsonKind.Number && value.Number.TryGetMillionths(out amount);
    }

    // Every thread that comes first joins the same; it doesn't matter whose stays.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private JoinedLimits Join()
    {
        LimitNode[] limits = [.. _common!._own, .. _own];
        int[]? places = ReadsAmounts
            ? [.. _common._ownPlaces ?? Unread(_common._own.Length), .. _ownPlaces ?? Unread(_own.Length)]
            : null;
        return _joined = JoinedLimits.Of(limits, places);
    }

    private static IEnumerable<int> Unread(int limits) => Enumerable.Repeat(-1, limits);
}
