using System.Numerics;

namespace PolicyLayer.Tests.Differential;

/// <summary>One decision, as far as the two evaluators must agree on it.</summary>
internal sealed record NaiveDecision(string Code, string Rule, long? RetryAfterMilliseconds = null);

/// <summary>
/// Judges calls straight from the document, written from the policy's description without a look at the engine: no index, no
/// compilation, no bytes.
/// </summary>
internal sealed class NaiveEvaluator(Json policy)
{
    private readonly Dictionary<string, (long Window, BigInteger Used)> _counters = new(StringComparer.Ordinal);

    public NaiveDecision Judge(GeneratedCall call, DateTimeOffset now)
    {
        if (call.Fault is { } fault)
        {
            return new NaiveDecision(fault, "");
        }

        string tool = call.Tool;
        if (policy["hide"]?.Items.FindIndex(pattern => NaivePattern.Matches(pattern.Text, tool)) is { } hidden and >= 0)
        {
            return new NaiveDecision("hidden", "/hide/" + hidden);
        }

        string[] keys = [.. policy["tools"]?.Members.Select(m => m.Name) ?? []];
        string? key = NaivePattern.Winner(keys, tool);
        if (key is null && (policy["default"]!.Text == "deny" || keys.Any(listed => NaivePattern.IsVariant(listed, tool))))
        {
            return new NaiveDecision("not_listed", "/default");
        }

        Json entry = key is null ? Json.Object() : policy["tools"]![key]!;
        string pointer = "/tools/" + key?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        if (entry["action"]?.Text == "deny")
        {
            return new NaiveDecision("action_deny", pointer + "/action");
        }

        (Json? Node, string Pointer)[] places = [(policy["all_tools"], "/all_tools"), (entry, pointer)];
        Json Root(string name) => name switch
        {
            "call" => Json.Object(("tool", Json.String(tool))),
            "time" => NaiveTime.At(now, policy["time_zone"]?.Text ?? "UTC"),
            _ => call.Root(name),
        };
        return Rules(Root, places, "require") ?? Rules(Root, places, "deny_if") ?? Limits(call, places, key, now)
            ?? new NaiveDecision("allowed", "");
    }

    private static NaiveDecision? Rules(Func<string, Json> root, (Json? Node, string Pointer)[] places, string list)
    {
        bool require = list == "require";
        foreach ((Json? node, string pointer) in places)
        {
            List<Json> rules = node?[list]?.Items ?? [];
            for (int i = 0; i < rules.Count; i++)
            {
                Truth truth = Rule(rules[i], root, require);
                if (require ? truth != Truth.True : truth != Truth.False)
                {
                    return new NaiveDecision(require ? "require_failed" : "deny_if_matched", $"{pointer}/{list}/{i}");
                }
            }
        }

        return null;
    }

    private static Truth Rule(Json rule, Func<string, Json> root, bool require)
    {
        Truth All(Json? conditions) =>
            TruthTable.All((conditions?.Items ?? []).Select(condition => NaiveCondition.Judge(condition, root, require)));
        Truth all = All(rule["conditions"]);
        return rule["any"] is { } any ? TruthTable.All([all, TruthTable.Any(any.Items.Select(All))]) : all;
    }

    private sealed record Demand(string Pointer, string Identity, BigInteger Max, BigInteger Amount, long Milliseconds);

    private NaiveDecision? Limits(GeneratedCall call, (Json? Node, string Pointer)[] places, string? key, DateTimeOffset now)
    {
        var demands = new List<Demand>();
        foreach ((Json limit, string pointer) in places.SelectMany(place => LimitsOf(place.Node, place.Pointer, key)))
        {
            string scope = limit["scope"]?.Text ?? "grant";
            if (scope == "session" && call.Session is null)
            {
                return new NaiveDecision("session_missing", pointer);
            }

            BigInteger? amount = limit["increment_from"] is { } path
                ? NaiveNumber.Amount(NaiveCondition.Resolve(path.Text, call.Root).Single().Value)
                : 1_000_000;
            if (amount is null)
            {
                return new NaiveDecision("increment_invalid", pointer);
            }

            long seconds = Seconds(limit["window"]!.Text);
            string scopeId = scope switch { "policy" => "", "grant" => call.Grant, _ => call.Grant + "\n" + call.Session };
            string identity = $"{limit["counter"]!.Text}\n{scope}\n{scopeId}\n{seconds}";
            demands.Add(new Demand(pointer, identity, NaiveNumber.Amount(limit["max"])!.Value, amount.Value, seconds * 1000));
        }

        return Reserve(demands, now.ToUnixTimeMilliseconds(), call.Ran);
    }

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

    /// <summary>All or none: limits on one identity are charged once with the largest amount, and every max is checked.</summary>
    private NaiveDecision? Reserve(List<Demand> demands, long now, bool keep)
    {
        var amounts = demands.GroupBy(d => d.Identity).ToDictionary(group => group.Key, group => group.Max(d => d.Amount));
        BigInteger Used(Demand d) =>
            _counters.TryGetValue(d.Identity, out (long Window, BigInteger Used) counter) && counter.Window == now / d.Milliseconds
                ? counter.Used
                : 0;
        List<Demand> refused = [.. demands.Where(d => Used(d) + amounts[d.Identity] > d.Max)];
        if (refused.Count > 0)
        {
            bool never = refused.Any(d => amounts[d.Identity] > d.Max);
            return new NaiveDecision(
                "limit_exceeded", refused[0].Pointer, never ? null : refused.Max(d => d.Milliseconds - now % d.Milliseconds));
        }

        foreach (Demand d in demands.DistinctBy(d => d.Identity).Where(_ => keep))
        {
            _counters[d.Identity] = (now / d.Milliseconds, Used(d) + amounts[d.Identity]);
        }

        return null;
    }

    private static long Seconds(string window) => window switch
    {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86400,
        _ => long.Parse(window, System.Globalization.CultureInfo.InvariantCulture),
    };
}
