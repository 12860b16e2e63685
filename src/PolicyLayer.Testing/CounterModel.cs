using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>
/// What a store must do, the slow way: a list of all charges. Where a store has a choice, it gives both ends: a sliding window may count a
/// charge a little longer, one of the recent kind may forget it a little sooner, and while the clock is behind, a counter of another kind
/// may live at any time from its own latest charge to the latest request. Weeks and months are the framework's.
/// </summary>
internal sealed class CounterModel
{
    private readonly Dictionary<CounterKey, List<CounterCharge>> _charges = [];
    private readonly Dictionary<CounterKey, RecentCharges> _recent = [];
    private readonly Dictionary<CounterKey, long> _latestCharges = [];
    private long _latestRequest = long.MinValue;

    /// <summary>Must be said of every request before it is made, whether it is admitted or not.</summary>
    public void See(long now)
    {
        _latestRequest = Math.Max(_latestRequest, now);
        foreach (RecentCharges charges in _recent.Values)
        {
            charges.See(now);
        }
    }

    /// <summary>The least and the most that a counter may hold at a time.</summary>
    public (long Least, long Most) Used(CounterKey key, long now)
    {
        if (IsRecent(key))
        {
            return _recent.TryGetValue(key, out RecentCharges? recent) ? recent.Used(now) : default;
        }

        TimeRange time = TimeOf(key, now);
        long least = 0;
        long most = 0;
        foreach (CounterCharge charge in _charges.GetValueOrDefault(key) ?? [])
        {
            least += MustCount(charge, time) ? charge.Amount : 0;
            most += MayCount(charge, time) ? charge.Amount : 0;
        }

        return (least, most);
    }

    /// <summary>Charges a request. Returns what to remove when it is given back.</summary>
    public IReadOnlyList<CounterCharge> Add(CounterRequest request)
    {
        var charges = new CounterCharge[request.Count];
        for (int i = 0; i < charges.Length; i++)
        {
            CounterDemand demand = request[i];
            long now = request.Time.ToUnixTimeMilliseconds();
            TimeRange time = IsRecent(demand.Key) ? new TimeRange(now, now) : TimeOf(demand.Key, now);
            charges[i] = new CounterCharge(demand.Key, time, demand.AmountMillionths);
            if (demand.AmountMillionths > 0 && IsRecent(demand.Key))
            {
                RecentOf(demand.Key).Add(charges[i]);
            }
            else if (demand.AmountMillionths > 0)
            {
                ChargesOf(demand.Key).Add(charges[i]);
                _latestCharges[demand.Key] = charges[i].Time.Earliest;
            }
        }

        return charges;
    }

    public void Remove(IReadOnlyList<CounterCharge> charges)
    {
        foreach (CounterCharge charge in charges)
        {
            if (!IsRecent(charge.Key))
            {
                ChargesOf(charge.Key).Remove(charge);
            }
            else if (charge.Amount > 0)
            {
                RecentOf(charge.Key).Remove(charge);
            }
        }
    }

    /// <summary>Forgets what can't count any more, now or later.</summary>
    /// <param name="earliest">The clock never steps back behind this time.</param>
    public void Prune(long earliest)
    {
        foreach ((CounterKey key, List<CounterCharge> charges) in _charges)
        {
            charges.RemoveAll(charge => !MayCount(charge, TimeOf(key, earliest)));
        }

        foreach (RecentCharges charges in _recent.Values)
        {
            charges.Prune(earliest);
        }
    }

    private static bool IsRecent(CounterKey key) => key.Definition.Algorithm == CounterAlgorithm.Recent;

    private RecentCharges RecentOf(CounterKey key)
    {
        if (!_recent.TryGetValue(key, out RecentCharges? charges))
        {
            _recent.Add(key, charges = new RecentCharges(CaseStore.LengthOf(key.Definition)));
        }

        return charges;
    }

    private List<CounterCharge> ChargesOf(CounterKey key)
    {
        if (!_charges.TryGetValue(key, out List<CounterCharge>? charges))
        {
            _charges.Add(key, charges = []);
        }

        return charges;
    }

    /// <summary>When a counter may live: never behind the clock, nor behind what was charged to it, nor ahead of every request.</summary>
    private TimeRange TimeOf(CounterKey key, long now) => new(
        Math.Max(now, _latestCharges.GetValueOrDefault(key, long.MinValue)), Math.Max(now, _latestRequest));

    private static bool MustCount(CounterCharge charge, TimeRange time)
    {
        CounterDefinition definition = charge.Key.Definition;
        return definition.Algorithm switch
        {
            CounterAlgorithm.Sliding => time.Latest < charge.Time.Earliest + CaseStore.LengthOf(definition),
            _ => WindowOf(definition, time.Latest) == WindowOf(definition, charge.Time.Earliest),
        };
    }

    private static bool MayCount(CounterCharge charge, TimeRange time)
    {
        CounterDefinition definition = charge.Key.Definition;
        return definition.Algorithm switch
        {
            CounterAlgorithm.Sliding => (time.Earliest - charge.Time.Latest) * 60 < CaseStore.LengthOf(definition) * 61,
            _ => WindowOf(definition, time.Earliest) <= WindowOf(definition, charge.Time.Latest),
        };
    }

    /// <summary>A number that grows from each fixed window to the next.</summary>
    private static long WindowOf(CounterDefinition definition, long time)
    {
        if (!definition.Window.IsCalendar)
        {
            return time / CaseStore.LengthOf(definition);
        }

        DateTime day = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.Date;
        return definition.Window == CounterWindowLength.Month
            ? new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc).Ticks
            : day.AddDays(day.DayOfWeek == DayOfWeek.Sunday ? -6 : DayOfWeek.Monday - day.DayOfWeek).Ticks;
    }
}

/// <summary>One charge, and when it may have been made.</summary>
internal sealed class CounterCharge(CounterKey key, TimeRange time, long amount)
{
    public CounterKey Key => key;

    public TimeRange Time => time;

    public long Amount => amount;

    /// <summary>Whether a store may have forgotten it. Only of the recent kind.</summary>
    public bool MayBeForgotten { get; set; }
}

/// <summary>A time that isn't known exactly.</summary>
internal readonly record struct TimeRange(long Earliest, long Latest);
