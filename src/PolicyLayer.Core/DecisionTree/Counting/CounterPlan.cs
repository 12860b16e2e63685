using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// What calls of an entry ask of counters, and the counters: each once, with its tightest bounds. Entries that ask the same share it.
/// INVARIANT: no two counters of the list are the same whatever a call says, so that a counter has the place of its use but where a limit
/// of the entry is on a counter of <c>all_tools</c>.
/// </summary>
internal sealed class CounterPlan
{
    private readonly CounterPlan? _common;
    private readonly CounterUse[] _own;
    private readonly int _orders;
    private readonly UseInput?[]? _ownInputs;
    private readonly int[]? _ownCounters;
    private readonly bool _needsSession;
    private readonly bool _isPartitioned;
    private readonly bool _mayMeet;
    private readonly bool _asksUnits;

    /// <summary>Whether nothing is asked but what the entry itself does, each of a counter of its own: then places are the same.</summary>
    private readonly bool _isOwnAlone;

    /// <summary>What the calls of one tool leave beside; null for an entry's own plan.</summary>
    private readonly PlannedMarks? _marks;

    /// <param name="own">What the entry's calls ask, its orders first; no two on one counter.</param>
    /// <param name="inputs">What is read for each of them; null where nothing is read for any.</param>
    /// <param name="common">What all tools ask; null for nothing.</param>
    /// <param name="twins">For each which of the common ones is on the same counter, −1 for none; null where none is.</param>
    public CounterPlan(CounterUse[] own, UseInput?[]? inputs, CounterPlan? common, int[]? twins)
    {
        _own = own;
        _orders = Array.FindLastIndex(own, use => use is OrderNode) + 1;
        _ownInputs = inputs;
        _common = common;
        _needsSession = common is { _needsSession: true } || Array.Exists(own, use => use.Counter.Scope == CounterScope.Session);
        _isPartitioned = common is { _isPartitioned: true } || Array.Exists(own, use => use.Partition is not null);
        Counters = JoinedCounters.Of(own, common?.Counters.Own ?? [], twins, out _ownCounters);
        _mayMeet = common is { _mayMeet: true } || MayMeet(own, common);
        _asksUnits = Array.TrueForAll(own, use => use.AmountMillionths == CounterDemand.Unit);
        _isOwnAlone = common is null;
    }

    /// <summary>The plan of an entry for one tool, whose calls leave marks as well. It shares all that the entry has.</summary>
    private CounterPlan(CounterPlan basis, PlannedMarks marks)
    {
        (_common, _own, _orders, _ownInputs, _ownCounters) =
            (basis._common, basis._own, basis._orders, basis._ownInputs, basis._ownCounters);
        _marks = marks;
        _needsSession = basis._needsSession || marks.NeedSession;
        _isPartitioned = basis._isPartitioned || marks.ArePartitioned;

        // No mark is on a counter that the entry asks, whatever a call says: an order that asks for the very mark leaves it itself.
        _mayMeet = basis._mayMeet;
        Counters = new CounterLimits(basis.Counters, marks.Demands, marks.MaximaOfPauses(basis.CounterOfOwn));
        _asksUnits = basis._asksUnits;
    }

    /// <summary>Whether what is asked, or whether it can be counted at all, depends on the call.</summary>
    public bool ReadsCalls => ReadsDemands || _needsSession;

    /// <summary>How many uses of counters a call meets.</summary>
    public int UseCount => _isOwnAlone ? _own.Length : Uses.Length;

    /// <summary>All that is asked, in the order in which a call meets it.</summary>
    private JoinedUses Uses => new(_common is null ? [] : _common._own, _own, _orders, _marks is null ? [] : _marks.OfAllowed);

    /// <summary>
    /// What all calls ask, where nothing has to be read for it; null for one unit of each counter. Made by the first call that asks other
    /// amounts, and kept: the plans of tools that one entry has take no more than their marks to load.
    /// </summary>
    public CallDemands? Fixed => _asksUnits || ReadsDemands ? null : field ??= FixedDemands();

    /// <summary>The counters and their bounds, each counter once.</summary>
    public CounterLimits Counters { get; }

    private static CounterPlan None { get; } = new([], inputs: null, common: null, twins: null);

    /// <summary>The marks that a success leaves; null for none.</summary>
    public MarksOfSuccess? Marks => _marks?.OfSuccess;

    /// <summary>The counters of its own that are told apart by values.</summary>
    private HashSet<CounterDefinition> Partitioned =>
        field ??= [.. _own.Where(use => use.Partition is not null).Select(use => use.Counter)];

    /// <summary>The entry's orders of <c>not_after</c> and their places, by the marks that they ask for.</summary>
    private Dictionary<MarkIdentity, (int Place, OrderNode Order)> OrdersByMarks => field ??= _own.Take(_orders).Index()
        .Where(use => use.Item is OrderNode { IsAfter: false })
        .ToDictionary(use => ((OrderNode)use.Item).Marks, use => (use.Index, (OrderNode)use.Item));

    private bool ReadsDemands => _ownInputs is not null || _common is { ReadsDemands: true } || _marks is { ReadDemands: true };

    /// <summary>A use, in the order in which a call meets them, as it is for the plan's tool.</summary>
    public CounterUse UseAt(int index)
    {
        if (_isOwnAlone)
        {
            return _own[index];
        }

        return _marks is not null && _marks.Pauses.TryGetValue(index, out OrderNode? pause) ? pause : Uses[index];
    }

    /// <summary>The entry's plan for a tool whose calls leave marks as well.</summary>
    /// <param name="plan">The plan; null for none.</param>
    /// <param name="marks">The marks that allowed calls leave, and those that a success does.</param>
    /// <param name="placeOf">Gives a path its place in the entry's table.</param>
    public static CounterPlan WithMarks(CounterPlan? plan, ToolMarks marks, Func<PolicyPath, int> placeOf)
    {
        plan ??= None;
        return new CounterPlan(plan, new PlannedMarks(marks, plan.OrdersByMarks, placeOf));
    }

    /// <summary>Whether a call of a session, or of none, asks what is <see cref="Fixed"/>: nothing has to be read for it.</summary>
    public bool IsFixedFor(string? sessionId) => !ReadsDemands && (!_needsSession || sessionId is not null);

    /// <summary>
    /// Finds what a call asks of each counter. Returns what stands against it, with the first use that can't be counted, or
    /// <see cref="DecisionCode.Allowed"/>. Orders come before limits: where it is a limit that can't be counted, the demands are those of
    /// the orders, to be looked at first.
    /// </summary>
    public DecisionCode Prepare(in CallInputs inputs, out CallDemands? demands, out int use)
    {
        int count = UseCount;
        var amounts = new long[Counters.Length];
        string?[]? partitions = _isPartitioned ? new string?[Counters.Length] : null;
        demands = null;
        for (use = 0; use < count; use++)
        {
            DecisionCode code = Prepare(UseAt(use), use, inputs, amounts, partitions);
            if (code != DecisionCode.Allowed)
            {
                demands = _orders > 0 && use >= _orders ? OrdersAlone(amounts, partitions) : null;
                return code;
            }
        }

        string?[]? marks = Marks?.Read(inputs);
        demands = _mayMeet ? Meet(amounts, partitions!, marks) : new CallDemands(Counters, amounts, partitions, Marks: marks);
        return DecisionCode.Allowed;
    }

    public CounterRequest Request(long unixMilliseconds, string grantId, string? sessionId, CallDemands? demands) =>
        demands is null
            ? new(unixMilliseconds, grantId, sessionId, Counters, amounts: null)
            : new(unixMilliseconds, grantId, sessionId, demands.Counters, demands.Amounts, demands.Partitions, demands.Mode);

    /// <summary>The first use of a counter that a store refused, and how.</summary>
    public CounterRefusal FindRefused(in CounterRequest request, in CounterReservation refusal, CallDemands? demands)
    {
        // Each counter has the tightest bounds of its uses: what fits there fits them all. A store's word isn't taken for it.
        long retryAfter = CounterArithmetic.WaitingHelps(request, refusal) ? refusal.RetryAfterMilliseconds : 0;
        int first = FindRefused(from: 0, request, refusal, demands);
        if (first < 0)
        {
            return new CounterRefusal(0, NeverFits: false, 0, IsOneOfSeveral: false, retryAfter);
        }

        int counter = CounterOf(first, demands);
        (long used, long amount, long max) =
            (refusal.GetUsedMillionths(counter), request.AmountMillionths(counter), UseAt(first).MaxMillionths);
        bool neverFits = amount > max;
        bool isOneOfSeveral = request.Count > 1 && FindRefused(first + 1, request, refusal, demands) >= 0;
        return new CounterRefusal(first, neverFits, neverFits ? 0 : Math.Max(max - used, 0), isOneOfSeveral, retryAfter);
    }

    private int FindRefused(int from, in CounterRequest request, in CounterReservation refusal, CallDemands? demands)
    {
        int count = UseCount;
        for (int i = from; i < count; i++)
        {
            int counter = CounterOf(i, demands);
            if (counter >= 0 && !UseAt(i).Fits(refusal.GetUsedMillionths(counter), request.AmountMillionths(counter)))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// What the counters of a call's orders and limits hold, in the order in which the call meets them; those that it doesn't ask are left
    /// out, and all where the store's answer doesn't say.
    /// </summary>
    /// <param name="request">What the call asks.</param>
    /// <param name="looked">The answer to it, of a look or a refusal.</param>
    /// <param name="demands">What the request was made of.</param>
    public IReadOnlyList<CounterStanding> StandingsOf(
        in CounterRequest request, in CounterReservation looked, CallDemands? demands)
    {
        int count = looked.SaysUsed ? UseCount : 0;
        var standings = new List<CounterStanding>(count);
        for (int i = 0; i < count; i++)
        {
            int counter = CounterOf(i, demands);
            if (counter >= 0 && UseAt(i) is not MarkNode and var use)
            {
                standings.Add(new CounterStanding(use, looked.GetUsedMillionths(counter), request.AmountMillionths(counter)));
            }
        }

        return standings;
    }

    /// <summary>The first use of a counter.</summary>
    public int FindByCounter(int counter, CallDemands? demands)
    {
        for (int use = 0; use < UseCount; use++)
        {
            if (CounterOf(use, demands) == counter)
            {
                return use;
            }
        }

        return 0;
    }

    private DecisionCode Prepare(CounterUse use, int index, in CallInputs inputs, long[] amounts, string?[]? partitions)
    {
        if (inputs.SessionId is null && use.Counter.Scope == CounterScope.Session)
        {
            return DecisionCode.SessionMissing;
        }

        UseInput? input = InputOf(index);
        int counter = CounterOf(index);
        if (use.Partition is not null)
        {
            partitions![counter] = inputs.Digest(use.Partition, input!.Partition!);
            if (partitions[counter] is null)
            {
                return use.ValuelessCode;
            }
        }

        long amount = use.AmountMillionths;
        if (use.Amount is not null && !inputs.TryReadAmount(use.Amount, input!.Amount, out amount))
        {
            return DecisionCode.IncrementInvalid;
        }

        amounts[counter] = Math.Max(amounts[counter], amount);
        return DecisionCode.Allowed;
    }

    /// <summary>Counters that are one by what the call says are charged once: the largest amount, within the tightest bounds.</summary>
    private CallDemands Meet(long[] amounts, string?[] partitions, string?[]? marks)
    {
        var places = new int[amounts.Length];
        var first = new Dictionary<(CounterDefinition, string), int>();
        var counters = new List<CounterLimit>(amounts.Length);
        int count = 0;
        for (int i = 0; i < places.Length; i++)
        {
            CounterLimit limit = Counters[i];
            places[i] = count;
            if (partitions[i] is { } digest && !first.TryAdd((limit.Definition, digest), count))
            {
                int met = places[i] = first[(limit.Definition, digest)];
                amounts[met] = Math.Max(amounts[met], amounts[i]);
                long max = Math.Min(counters[met].MaxMillionths, limit.MaxMillionths);
                counters[met] = counters[met] with { MaxMillionths = max };
                continue;
            }

            (amounts[count], partitions[count]) = (amounts[i], partitions[i]);
            counters.Add(limit);
            count++;
        }

        return count == places.Length
            ? new CallDemands(Counters, amounts, partitions, Marks: marks)
            : new CallDemands(new CounterLimits([.. counters]), amounts[..count], partitions[..count], places, marks);
    }

    private CallDemands OrdersAlone(long[] amounts, string?[]? partitions)
    {
        var places = new int[amounts.Length];
        Array.Fill(places, -1);
        var counters = new CounterLimit[_orders];
        var ordersAmounts = new long[_orders];
        string?[]? ordersPartitions = partitions is null ? null : new string?[_orders];
        for (int i = 0; i < _orders; i++)
        {
            int counter = CounterOf(i);
            places[counter] = i;
            counters[i] = Counters[counter];
            ordersAmounts[i] = amounts[counter];
            if (ordersPartitions is not null)
            {
                ordersPartitions[i] = partitions![counter];
            }
        }

        return new CallDemands(
            new CounterLimits(counters), ordersAmounts, ordersPartitions, places, Marks: null, CounterRequestMode.Look);
    }

    /// <summary>
    /// The orders alone, to be looked at, for a call that goes on with another one and is charged nothing; null for none.
    /// </summary>
    /// <param name="demands">What the call asks.</param>
    /// <param name="isOwnMark">Whether the mark on a counter, by its digest, is the other call's: then it is left out.</param>
    public CallDemands? OrdersOf(CallDemands? demands, Func<CounterDefinition, string?, bool> isOwnMark)
    {
        int[] asked = [.. Enumerable.Range(0, _orders).Select(order => CounterOf(order, demands)).Distinct()];
        if (asked.Length == 0)
        {
            return null;
        }

        CounterLimits all = demands?.Counters ?? Counters;
        var places = new int[Counters.Length];
        Array.Fill(places, -1);
        for (int i = 0; i < _orders; i++)
        {
            places[CounterOf(i)] = Array.IndexOf(asked, CounterOf(i, demands));
        }

        string?[] partitions = Array.ConvertAll(asked, counter => demands?.Partitions?[counter]);
        long[] amounts = Array.ConvertAll(
            asked,
            counter => isOwnMark(all[counter].Definition, demands?.Partitions?[counter])
                ? 0
                : demands?.Amounts[counter] ?? CounterDemand.Unit);
        var counters = new CounterLimits(Array.ConvertAll(asked, counter => all[counter]));
        return new CallDemands(counters, amounts, partitions, places, Marks: null, CounterRequestMode.Look);
    }

    private CallDemands FixedDemands()
    {
        var amounts = new long[Counters.Length];
        int count = UseCount;
        for (int i = 0; i < count; i++)
        {
            int counter = CounterOf(i);
            amounts[counter] = Math.Max(amounts[counter], UseAt(i).AmountMillionths);
        }

        return new CallDemands(Counters, amounts);
    }

    private int CommonCount => _common is null ? 0 : _common._own.Length;

    /// <summary>The place of a use's counter in the entry's list.</summary>
    private int CounterOf(int use) => _isOwnAlone ? use : JoinedCounterOf(use);

    private int JoinedCounterOf(int use) => Uses.PartOf(use, out int place) switch
    {
        JoinedUses.Part.Common => place,
        JoinedUses.Part.Own => CounterOfOwn(place),
        _ => Counters.Length - _marks!.OfAllowed.Length + place,
    };

    private int CounterOfOwn(int place) => _ownCounters is null ? CommonCount + place : _ownCounters[place];

    /// <summary>The same among what a call asks.</summary>
    private int CounterOf(int use, CallDemands? demands) =>
        demands?.Places is { } places ? places[CounterOf(use)] : CounterOf(use);

    private UseInput? InputOf(int use) => Uses.PartOf(use, out int place) switch
    {
        JoinedUses.Part.Common => _common!._ownInputs?[place],
        JoinedUses.Part.Own => _ownInputs?[place],
        _ => _marks!.Inputs[place],
    };

    /// <summary>Whether counters of one definition are told apart by different values, which may be equal in a call.</summary>
    private static bool MayMeet(CounterUse[] own, CounterPlan? common)
    {
        HashSet<CounterDefinition>? seen = null;
        foreach (CounterUse use in own)
        {
            if (use.Partition is not null
                && (!(seen ??= []).Add(use.Counter) || (common is not null && common.Partitioned.Contains(use.Counter))))
            {
                return true;
            }
        }

        return false;
    }
}
