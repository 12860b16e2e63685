using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree;

/// <summary>All limits of one entry in their order, and the counters that they use: each counter once, with its tightest maximum.</summary>
internal sealed class LimitPlan
{
    /// <summary>From so many limits on, a look-up beats comparing with each.</summary>
    private const int Many = 8;

    /// <summary>What most plans have: one limit, of the first counter.</summary>
    private static readonly int[] OnlyCounter = [0];

    private readonly LimitNode[] _limits;
    private readonly int[] _counterOfLimit;
    private readonly VerdictTable _verdicts;
    private readonly ToolRisk _risk;
    private readonly CounterLimit[] _counters;
    private readonly int[]? _places;
    private readonly bool _needsSession;
    private Verdict?[]? _exceeded;

    /// <param name="limits">The limits, at least one.</param>
    /// <param name="places">Where the paths of their amounts stand in the entry's table, −1 for those that count calls; null for none.</param>
    /// <param name="verdicts">The policy's verdicts.</param>
    /// <param name="risk">The tool's risk.</param>
    public LimitPlan(LimitNode[] limits, int[]? places, VerdictTable verdicts, ToolRisk risk)
    {
        _limits = limits;
        _places = places;
        _verdicts = verdicts;
        _risk = risk;
        _needsSession = Array.Exists(limits, limit => limit.Counter.Scope == CounterScope.Session);
        _counterOfLimit = limits.Length == 1 ? OnlyCounter : new int[limits.Length];
        _counters = MergeCounters(limits, _counterOfLimit);
    }

    /// <summary>Whether the amounts, or whether they can be counted at all, depend on the call.</summary>
    public bool ReadsCalls => _places is not null || _needsSession;

    /// <summary>
    /// Finds what the call adds to each counter: null amounts when that is one unit each. Returns the denial of the first limit that
    /// can't be counted, or null.
    /// </summary>
    public Verdict? Prepare(in ToolCall call, in CallFacts facts, out long[]? amounts)
    {
        amounts = null;
        if (_places is null && (!_needsSession || call.SessionId is not null))
        {
            return null;
        }

        amounts = new long[_counters.Length];
        for (int i = 0; i < _limits.Length; i++)
        {
            if (call.SessionId is null && _limits[i].Counter.Scope == CounterScope.Session)
            {
                return Denied(DecisionCode.SessionMissing, i);
            }

            if (!TryReadAmount(_places?[i] ?? -1, facts, out long amount))
            {
                return Denied(DecisionCode.IncrementInvalid, i);
            }

            ref long largest = ref amounts[_counterOfLimit[i]];
            largest = Math.Max(largest, amount);
        }

        return null;
    }

    /// <summary>The counters and their maxima, each counter once.</summary>
    public CounterLimit[] Counters => _counters;

    public CounterRequest Request(long unixMilliseconds, string grantId, string? sessionId, long[]? amounts) =>
        new(unixMilliseconds, grantId, sessionId, _counters, amounts);

    /// <summary>The denial that a store's refusal means, naming the first limit that it refused.</summary>
    public Verdict Exceeded(in CounterRequest request, in CounterReservation refusal, out long retryAfterMilliseconds)
    {
        int first = -1;
        for (int i = 0; i < _limits.Length && first < 0; i++)
        {
            int counter = _counterOfLimit[i];
            bool fits = CounterArithmetic.Fits(
                refusal.GetUsedMillionths(counter), request.AmountMillionths(counter), _limits[i].MaxMillionths);
            first = fits ? -1 : i;
        }

        // Each counter has the tightest maximum of its limits: what fits there fits them all. A store's word isn't taken for it.
        retryAfterMilliseconds = CounterArithmetic.CanEverFit(request) ? refusal.RetryAfterMilliseconds : 0;
        return ExceededAt(Math.Max(first, 0));
    }

    /// <summary>The denial for a reason that concerns one counter, naming the first limit that uses it.</summary>
    public Verdict DeniedByCounter(DecisionCode code, int counter) => Denied(code, Math.Max(Array.IndexOf(_counterOfLimit, counter), 0));

    /// <summary>Each counter once, with its tightest maximum, in the order in which the limits name them.</summary>
    private static CounterLimit[] MergeCounters(LimitNode[] limits, int[] counterOfLimit)
    {
        var counters = new CounterLimit[limits.Length];
        Dictionary<CounterDefinition, int>? places = limits.Length < Many ? null : new(limits.Length);
        int count = 0;
        for (int i = 0; i < limits.Length; i++)
        {
            LimitNode limit = limits[i];
            int place = places?.GetValueOrDefault(limit.Counter, count) ?? PlaceOf(limit.Counter, counters.AsSpan(0, count));
            if (place == count)
            {
                counters[count++] = new CounterLimit(limit.Counter, limit.MaxMillionths);
                places?.Add(limit.Counter, place);
            }
            else if (limit.MaxMillionths < counters[place].MaxMillionths)
            {
                counters[place] = new CounterLimit(limit.Counter, limit.MaxMillionths);
            }

            counterOfLimit[i] = place;
        }

        return count == counters.Length ? counters : counters[..count];
    }

    private static int PlaceOf(CounterDefinition counter, ReadOnlySpan<CounterLimit> counters)
    {
        int place = 0;
        while (place < counters.Length && !counters[place].Definition.Equals(counter))
        {
            place++;
        }

        return place;
    }

    private Verdict Denied(DecisionCode code, int limit) => Verdict.Deny(code, _verdicts.Policy, _risk, _limits[limit].Place.Pointer);

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

    private Verdict ExceededAt(int index)
    {
        LimitNode limit = _limits[index];
        Verdict?[] exceeded = _exceeded ??= new Verdict?[_limits.Length];
        return exceeded[index] ??= Verdict.Deny(
            DecisionCode.LimitExceeded, _verdicts.Policy, _risk, limit.Place.Pointer, limit.OnDeny ?? Describe(limit));
    }

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
        return string.Create(CultureInfo.InvariantCulture, $"The limit `{limit.Counter.CounterName}` of {max:0.######} per {window} is used up.");
    }
}
