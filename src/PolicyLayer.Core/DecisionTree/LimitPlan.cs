using System.Globalization;
using System.Runtime.CompilerServices;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree;

/// <summary>
/// All limits of an entry in their order, and the counters that they use: each counter once, with its tightest maximum. Entries with
/// equal limits share it.
/// </summary>
internal sealed class LimitPlan
{
    private readonly LimitPlan? _common;
    private readonly LimitNode[] _own;
    private readonly int[]? _ownPlaces;
    private readonly VerdictTable _verdicts;
    private readonly ToolRisk _risk;
    private readonly bool _needsSession;
    private JoinedLimits? _joined;

    /// <param name="limits">The entry's limits, at least one.</param>
    /// <param name="places">
    /// Where the paths of their amounts stand in the entry's table, −1 for those that count calls; null for none.
    /// </param>
    /// <param name="common">The limits of <c>all_tools</c>, which come first; null for none.</param>
    /// <param name="verdicts">The policy's verdicts.</param>
    /// <param name="risk">The tool's risk.</param>
    public LimitPlan(LimitNode[] limits, int[]? places, LimitPlan? common, VerdictTable verdicts, ToolRisk risk)
    {
        _own = limits;
        _ownPlaces = places;
        _common = common;
        _verdicts = verdicts;
        _risk = risk;
        _needsSession = common is { _needsSession: true } || Array.Exists(limits, limit => limit.Counter.Scope == CounterScope.Session);

        // Joining all entries' limits with those of `all_tools` would take the product of both: it waits for the first call.
        _joined = common is null ? JoinedLimits.Of(limits, places) : null;
    }

    /// <summary>Whether the amounts, or whether they can be counted at all, depend on the call.</summary>
    public bool ReadsCalls => ReadsAmounts || _needsSession;

    /// <summary>The counters and their maxima, each counter once.</summary>
    public CounterLimit[] Counters => Joined.Counters;

    private bool ReadsAmounts => _ownPlaces is not null || _common is { ReadsAmounts: true };

    private JoinedLimits Joined => _joined ?? Join();

    /// <summary>
    /// Finds what the call adds to each counter: null amounts when that is one unit each. Returns the denial of the first limit that
    /// can't be counted, or null.
    /// </summary>
    public Verdict? Prepare(in ToolCall call, in CallFacts facts, ToolEntry entry, out long[]? amounts)
    {
        amounts = null;
        if (!ReadsAmounts && (!_needsSession || call.SessionId is not null))
        {
            return null;
        }

        JoinedLimits joined = Joined;
        amounts = new long[joined.Counters.Length];
        for (int i = 0; i < joined.Limits.Length; i++)
        {
            if (call.SessionId is null && joined.Limits[i].Counter.Scope == CounterScope.Session)
            {
                return Denied(entry, DecisionCode.SessionMissing, i);
            }

            if (!TryReadAmount(joined.Places?[i] ?? -1, facts, out long amount))
            {
                return Denied(entry, DecisionCode.IncrementInvalid, i);
            }

            ref long largest = ref amounts[joined.CounterOfLimit[i]];
            largest = Math.Max(largest, amount);
        }

        return null;
    }

    public CounterRequest Request(long unixMilliseconds, string grantId, string? sessionId, long[]? amounts) =>
        new(unixMilliseconds, grantId, sessionId, Counters, amounts);

    /// <summary>The denial that a store's refusal means, naming the first limit that it refused.</summary>
    public Verdict Exceeded(
        ToolEntry entry, in CounterRequest request, in CounterReservation refusal, out long retryAfterMilliseconds)
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
        return ExceededAt(entry, Math.Max(first, 0));
    }

    /// <summary>The denial for a reason that concerns one counter, naming the first limit that uses it.</summary>
    public Verdict DeniedByCounter(ToolEntry entry, DecisionCode code, int counter) =>
        Denied(entry, code, Math.Max(Array.IndexOf(Joined.CounterOfLimit, counter), 0));

    private Verdict Denied(ToolEntry entry, DecisionCode code, int limit) =>
        Verdict.Deny(code, _verdicts.Policy, _risk, Joined.Limits[limit].Place.In(entry));

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
        return value.Kind == JsonKind.Number && value.Number.TryGetMillionths(out amount);
    }

    private Verdict ExceededAt(ToolEntry entry, int index)
    {
        LimitNode[] limits = Joined.Limits;
        LimitNode limit = limits[index];
        return entry.Exceeded(index, limits.Length) ??= Verdict.Deny(
            DecisionCode.LimitExceeded, _verdicts.Policy, _risk, limit.Place.In(entry), limit.OnDeny ?? Describe(limit));
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

    private static string Describe(LimitNode limit)
    {
        string window = limit.Counter.Window.Seconds switch
        {
            1 => "second",
            60 => "minute",
            3_600 => "hour",
            86_400 => "day",
            int seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds"),
        };
        decimal max = limit.MaxMillionths / (decimal)CounterDemand.Unit;
        return string.Create(
            CultureInfo.InvariantCulture, $"The limit `{limit.Counter.CounterName}` of {max:0.######} per {window} is used up.");
    }
}
