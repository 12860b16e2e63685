using System.Numerics;

namespace PolicyLayer.Tests.Differential;

/// <summary>The limits of calls and what they have used, by the words of the policy's description.</summary>
internal sealed class NaiveCounters
{
    /// <summary>Whose a counter is.</summary>
    public static readonly Dictionary<string, Func<GeneratedCall, string>> ScopeIds = new(StringComparer.Ordinal)
    {
        ["policy"] = _ => "",
        ["grant"] = call => call.Grant,
        ["session"] = call => call.Grant + "\n" + call.Session,
    };

    private readonly Dictionary<string, (DateTime Start, BigInteger Used)> _counters = new(StringComparer.Ordinal);

    private readonly Dictionary<GeneratedCall, List<NaiveDemand>> _charges = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the limits of a call ask for; or, with no demands, why one of them can't be counted.</summary>
    public static (List<NaiveDemand> Demands, NaiveDecision? Failure) Demands(
        GeneratedCall call, (Json? Node, string Pointer)[] places, string? key, DateTime now)
    {
        var demands = new List<NaiveDemand>();
        foreach ((Json limit, string pointer) in places.SelectMany(place => LimitsOf(place.Node, place.Pointer, key)))
        {
            string scope = limit["scope"]?.Text ?? "grant";
            if (scope == "session" && call.Session is null)
            {
                return ([], new NaiveDecision("session_missing", pointer));
            }

            string? values = limit["per"] is { } per ? NaiveKey.Of(PathsOf(per), call.Root, setsCaseAside: true) : "none";
            if (values is null)
            {
                return ([], new NaiveDecision("partition_missing", pointer));
            }

            if (NaiveAmounts.Of(limit, call.Root) is not { } amount)
            {
                return ([], new NaiveDecision("increment_invalid", pointer));
            }

            string window = limit["window"]!.Text;
            string identity = $"{limit["counter"]!.Text}\n{scope}\n{ScopeIds[scope](call)}\n{NaiveWindows.Identity(window)}\n{values}";
            (DateTime start, DateTime end) = NaiveWindows.Around(now, window);
            demands.Add(new NaiveDemand(pointer, identity, NaiveNumber.Amount(limit["max"])!.Value, amount, start, end));
        }

        // Limits on one identity are charged once, with the largest amount.
        return ([.. demands.Select(d => d with { Amount = demands.Where(e => e.Identity == d.Identity).Max(e => e.Amount) })], null);
    }

    public List<NaiveDemand> Refused(List<NaiveDemand> demands) => [.. demands.Where(d => Used(d) + d.Amount > d.Max)];

    public void Charge(GeneratedCall call, List<NaiveDemand> demands)
    {
        _charges[call] = [.. demands.DistinctBy(d => d.Identity)];
        foreach (NaiveDemand d in _charges[call])
        {
            _counters[d.Identity] = (d.Start, Used(d) + d.Amount);
        }
    }

    /// <summary>Returns what a call was charged that never ran, where its windows haven't ended.</summary>
    public void GiveBack(GeneratedCall call)
    {
        foreach (NaiveDemand d in _charges[call].Where(d => _counters[d.Identity].Start == d.Start))
        {
            _counters[d.Identity] = (d.Start, Used(d) - d.Amount);
        }
    }

    private BigInteger Used(NaiveDemand d) =>
        _counters.TryGetValue(d.Identity, out (DateTime Start, BigInteger Used) counter) && counter.Start == d.Start ? counter.Used : 0;

    private static IEnumerable<string> PathsOf(Json per) => per.Kind == "array" ? per.Items.Select(path => path.Text) : [per.Text];

    private static IEnumerable<(Json Limit, string Pointer)> LimitsOf(Json? node, string pointer, string? key)
    {
        foreach ((Json limit, int index) in (node?["limits"]?.Items ?? []).Select((limit, index) => (limit, index)))
        {
            yield return (limit, $"{pointer}/limits/{index}");
        }

        if (node?["rate_limit"] is { } rate)
        {
            string[] parts = rate.Text.Split('/');
            (Json max, Json window) = rate.Kind == "string"
                ? (Json.Number(parts[0]), Json.String(parts[1]))
                : (rate["max"]!, rate["window"]!);
            yield return (Json.Object(("counter", Json.String(key + "_rate")), ("max", max), ("window", window)), pointer + "/rate_limit");
        }
    }
}

/// <summary>What one limit asks of its counter.</summary>
internal sealed record NaiveDemand(string Pointer, string Identity, BigInteger Max, BigInteger Amount, DateTime Start, DateTime End)
{
    public bool NeverFits => Amount > Max;
}
