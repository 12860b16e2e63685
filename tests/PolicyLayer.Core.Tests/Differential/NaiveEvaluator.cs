using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Differential;

/// <summary>
/// Judges calls straight from the document, written from the policy's description without a look at the engine: no index, no
/// compilation, no bytes.
/// </summary>
internal sealed class NaiveEvaluator(Json policy)
{
    private readonly NaiveCounters _counters = new();

    private readonly NaiveOrders _orders = new(policy);

    private readonly NaiveApprovals _approvals = new();

    /// <summary>Where an entry stands.</summary>
    public static string PointerOf(string? key) =>
        "/tools/" + key?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>How many calls were allowed by an approval that was asked for by a call with other arguments.</summary>
    public int CoveredOthers { get; private set; }

    /// <summary>What the host says of a call that was allowed.</summary>
    public void Report(GeneratedCall call, ToolCallOutcome outcome, DateTimeOffset now)
    {
        _orders.Report(call, outcome, now.UtcDateTime);
        if (outcome == ToolCallOutcome.NotExecuted)
        {
            _counters.GiveBack(call);
            _approvals.GiveBack(call, now.UtcDateTime);
        }
    }

    /// <summary>What a person says of the request that a call waits for.</summary>
    public string Answer(GeneratedCall call, PersonAnswer answer, DateTimeOffset now) => _approvals.Answer(call, answer, now.UtcDateTime);

    /// <summary>Judges a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="isSeen">Whether a decision is the one that was seen, where the description allows it and another.</param>
    public NaiveDecision Judge(GeneratedCall call, DateTimeOffset now, Func<NaiveDecision, bool> isSeen)
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
        string pointer = PointerOf(key);
        if (entry["action"]?.Text == "deny")
        {
            return new NaiveDecision("action_deny", pointer + "/action");
        }

        (Json? Node, string Pointer)[] places = [(policy["all_tools"], "/all_tools"), (entry, pointer)];
        Json Root(string name) => name == "time" ? NaiveTime.At(now, policy["time_zone"]?.Text ?? "UTC") : call.Root(name);
        if ((Rules(Root, places, "require") ?? Rules(Root, places, "deny_if")) is { } denied)
        {
            return denied;
        }

        string asking = Asking(entry, pointer, Root);
        NaiveApprovals.Held? approval = null;
        string? exact = null;
        if (asking.Length > 0)
        {
            (string whole, exact) = NaiveApprovals.Bind(call, entry, policy["all_tools"], asking, Root);
            NaiveApprovals.Held? Find(bool mayAsk) => _approvals.Find(call, entry, whole, exact!, now.UtcDateTime, mayAsk);
            if (Approval(call, asking, places, key, now.UtcDateTime, isSeen, Find, out approval) is { } waits)
            {
                return waits;
            }
        }

        NaiveDecision decision = Demands(call, places, key, now.UtcDateTime, isSeen);
        if (approval is not null && decision.Code == "allowed")
        {
            _approvals.Spend(call, approval);
            CoveredOthers += approval.Exact == exact ? 0 : 1;
        }

        return decision;
    }

    /// <summary>All that ask a person, one a line: each rule that holds or can't be judged, then the action.</summary>
    public static string Asking(Json entry, string pointer, Func<string, Json> root) => string.Join(
        '\n',
        (entry["approve_if"]?.Items ?? []).Index()
            .Where(rule => Rule(rule.Item, root, require: false) != Truth.False)
            .Select(rule => $"{pointer}/approve_if/{rule.Index}")
            .Concat(entry["action"]?.Text == "require_approval" ? [pointer + "/action"] : []));

    /// <summary>Whether a person has to approve a call. Orders come first, and limits say when it is any use to ask.</summary>
    private NaiveDecision? Approval(
        GeneratedCall call,
        string asking,
        (Json? Node, string Pointer)[] places,
        string? key,
        DateTime now,
        Func<NaiveDecision, bool> isSeen,
        Func<bool, NaiveApprovals.Held?> find,
        out NaiveApprovals.Held? approval)
    {
        approval = null;
        var waiting = new NaiveDecision("approval_required", asking.Split('\n')[0]) { Asking = asking };
        (Json Order, bool IsAfter, string Pointer)[] orders = [.. NaiveOrders.Of(places[^1].Node, places[^1].Pointer)];
        if (NaiveOrders.Failure(call, orders) is { } unjudgeable)
        {
            return unjudgeable.Code == "order_violated" ? unjudgeable : Answered(waiting, find(false), now, out approval);
        }

        (List<NaiveDemand> demands, NaiveDecision? failure) = NaiveCounters.Demands(call, places, key, now);
        bool isCountable = failure is null && _orders.MarkFailure(call) is null;
        List<NaiveDemand> asked = isCountable ? demands : [];
        List<NaiveDemand> refused = _counters.Refused(asked);
        bool helps = refused.Count > 0 && !refused.Exists(d => d.NeverFits);
        waiting = waiting with { RetryAfterMilliseconds = helps ? Milliseconds(refused.Max(d => d.End) - now) : null };
        return Violated(call, orders, asked, now, isSeen) is { } violated
            ? violated
            : Answered(waiting, find(isCountable && refused.Count == 0), now, out approval);
    }

    /// <summary>What a call is told by what there is for it: nothing where it is approved.</summary>
    private static NaiveDecision? Answered(
        NaiveDecision waiting, NaiveApprovals.Held? found, DateTime now, out NaiveApprovals.Held? approval)
    {
        approval = found?.State == "approved" ? found : null;
        if (approval is not null)
        {
            return null;
        }

        return found?.State == "refused"
            ? new NaiveDecision("approval_denied", waiting.Rule, Milliseconds(found.End - now))
            : waiting with { IsAsked = found is not null };
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

    /// <summary>Whether a rule holds.</summary>
    public static Truth Rule(Json rule, Func<string, Json> root, bool require)
    {
        Truth All(Json? conditions) =>
            TruthTable.All((conditions?.Items ?? []).Select(condition => NaiveCondition.Judge(condition, root, require)));
        Truth all = All(rule["conditions"]);
        return rule["any"] is { } any ? TruthTable.All([all, TruthTable.Any(any.Items.Select(All))]) : all;
    }

    /// <summary>What orders and limits say together: all or none. Orders come first.</summary>
    private NaiveDecision Demands(
        GeneratedCall call, (Json? Node, string Pointer)[] places, string? key, DateTime now, Func<NaiveDecision, bool> isSeen)
    {
        (Json Order, bool IsAfter, string Pointer)[] orders = [.. NaiveOrders.Of(places[^1].Node, places[^1].Pointer)];
        (List<NaiveDemand> demands, NaiveDecision? failure) = NaiveCounters.Demands(call, places, key, now);
        NaiveDecision? uncountable = failure ?? _orders.MarkFailure(call);
        List<NaiveDemand> asked = uncountable is null ? demands : [];
        if ((NaiveOrders.Failure(call, orders) ?? Violated(call, orders, asked, now, isSeen) ?? uncountable) is { } denied)
        {
            return denied;
        }

        List<NaiveDemand> refused = _counters.Refused(demands);
        if (refused.Count > 0)
        {
            DateTime? end = refused.Exists(d => d.NeverFits) ? null : refused.Max(d => d.End);
            return new NaiveDecision("limit_exceeded", refused[0].Pointer, Milliseconds(end - now));
        }

        _counters.Charge(call, demands);
        _orders.Remember(call, now);
        return new NaiveDecision("allowed", "");
    }

    /// <summary>The first order that isn't met. Where its time is the store's to choose, the compiled policy is asked.</summary>
    private NaiveDecision? Violated(
        GeneratedCall call,
        (Json Order, bool IsAfter, string Pointer)[] orders,
        List<NaiveDemand> demands,
        DateTime now,
        Func<NaiveDecision, bool> isSeen)
    {
        (Json Order, bool IsAfter, string Pointer, Truth Met)[] judged =
            [.. orders.Select(each => (each.Order, each.IsAfter, each.Pointer, _orders.IsMet(each.Order, each.IsAfter, call, now)))];
        int first = Array.FindIndex(judged, each =>
            each.Met == Truth.False
            || (each.Met == Truth.Unjudgeable && isSeen(new NaiveDecision("order_violated", each.Pointer) { Slack = null })));
        if (first < 0)
        {
            return null;
        }

        var decision = new NaiveDecision("order_violated", judged[first].Pointer);
        List<NaiveDemand> refused = _counters.Refused(demands);
        if (judged.Any(each => each.Met == Truth.Unjudgeable))
        {
            return decision with { Slack = null };
        }

        if (judged.Any(each => each.Met == Truth.False && each.IsAfter) || refused.Exists(d => d.NeverFits))
        {
            return decision;
        }

        (DateTime End, TimeSpan Slack)[] ends =
        [
            .. judged.Where(each => each.Met == Truth.False).Select(each => _orders.Lapse(each.Order, call)),
            .. refused.Select(d => (d.End, TimeSpan.Zero)),
        ];
        DateTime least = ends.Max(each => each.End);
        return decision with
        {
            RetryAfterMilliseconds = Milliseconds(least - now),
            Slack = Milliseconds(ends.Max(each => each.End + each.Slack) - least),
        };
    }

    /// <summary>Rounded up.</summary>
    private static long? Milliseconds(TimeSpan? wait) => wait is { } time ? (long)Math.Ceiling(time.TotalMilliseconds) : null;
}
