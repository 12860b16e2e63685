namespace PolicyLayer.Tests.Differential;

/// <summary>What must, or must not, have gone before: looked up among all calls that were allowed.</summary>
internal sealed class NaiveOrders(Json policy)
{
    private readonly List<Past> _past = [];

    /// <summary>Remembers an allowed call.</summary>
    public void Remember(GeneratedCall call, DateTime now) => _past.Add(new Past(call, now));

    /// <summary>Only the first report counts.</summary>
    public void Report(GeneratedCall call, ToolCallOutcome outcome, DateTime now)
    {
        Past past = _past.Find(each => ReferenceEquals(each.Call, call))!;
        past.Outcome ??= outcome;
        past.ReportedAt = now;
    }

    /// <summary>The orders of an entry, each with its pointer.</summary>
    public static IEnumerable<(Json Order, bool IsAfter, string Pointer)> Of(Json? entry, string pointer)
    {
        foreach (string list in (string[])["after", "not_after"])
        {
            foreach ((Json order, int index) in (entry?[list]?.Items ?? []).Select((order, index) => (order, index)))
            {
                yield return (order, list == "after", $"{pointer}/{list}/{index}");
            }
        }
    }

    /// <summary>Why a call can't be judged by one of its orders, if it can't.</summary>
    public static NaiveDecision? Failure(GeneratedCall call, IEnumerable<(Json Order, bool IsAfter, string Pointer)> orders)
    {
        foreach ((Json order, bool isAfter, string pointer) in orders)
        {
            if (IsOfSession(order) && call.Session is null)
            {
                return new NaiveDecision("session_missing", pointer);
            }

            if (ValueOf(order, call, isAfter) is null)
            {
                return new NaiveDecision("order_violated", pointer);
            }
        }

        return null;
    }

    /// <summary>Why a call can't leave a mark that it must leave, if it can't.</summary>
    public NaiveDecision? MarkFailure(GeneratedCall call)
    {
        IEnumerable<(Json Order, bool IsAfter, string Pointer)> asking = (policy["tools"]?.Members ?? [])
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .SelectMany(entry => Of(entry.Value, NaiveEvaluator.PointerOf(entry.Name)))
            .Where(each => !each.IsAfter && each.Order["tool"]!.Text == call.Tool);
        foreach ((Json order, _, string pointer) in asking)
        {
            if (IsOfSession(order) && call.Session is null)
            {
                return new NaiveDecision("session_missing", pointer);
            }

            if (ValueOf(order, call, isAfter: false) is null)
            {
                return new NaiveDecision("partition_missing", pointer);
            }
        }

        return null;
    }

    /// <summary>
    /// Whether an order is met; unjudgeable in the time that the description leaves to the store: a sixtieth, in which <c>after</c> may
    /// have forgotten already and <c>not_after</c> may still know.
    /// </summary>
    public Truth IsMet(Json order, bool isAfter, GeneratedCall call, DateTime now)
    {
        TimeSpan within = NaiveWindows.Length(order["within"]!.Text);
        IEnumerable<Past> marks = Marks(order, isAfter, call);
        return isAfter
            ? TruthTable.Any(marks.Select(past => Young(now - past.ReportedAt, within * 59 / 60, within)))
            : TruthTable.Not(TruthTable.Any(
                marks.Select(past => Young(now - past.DecidedAt, within - TimeSpan.FromTicks(1), within * 61 / 60))));
    }

    /// <summary>When the last mark of a <c>not_after</c> lapses at the earliest, and how much later it may.</summary>
    public (DateTime End, TimeSpan Slack) Lapse(Json order, GeneratedCall call)
    {
        TimeSpan within = NaiveWindows.Length(order["within"]!.Text);
        return (Marks(order, isAfter: false, call).Max(past => past.DecidedAt) + within, within / 60);
    }

    private static Truth Young(TimeSpan age, TimeSpan surely, TimeSpan perhaps)
    {
        if (age <= surely)
        {
            return Truth.True;
        }

        return age <= perhaps ? Truth.Unjudgeable : Truth.False;
    }

    private IEnumerable<Past> Marks(Json order, bool isAfter, GeneratedCall call) => _past
        .Where(past => isAfter ? past.Outcome == ToolCallOutcome.Succeeded : past.Outcome != ToolCallOutcome.NotExecuted)
        .Where(past => past.Call.Tool == order["tool"]!.Text && past.Call.Grant == call.Grant)
        .Where(past => !IsOfSession(order) || past.Call.Session == call.Session)
        .Where(past => ValueOf(order, past.Call, isAfter) == ValueOf(order, call, isAfter));

    private static bool IsOfSession(Json order) => order["scope"]?.Text != "grant";

    private static string? ValueOf(Json order, GeneratedCall call, bool isAfter) =>
        order["same"] is { } same ? NaiveKey.Of([same.Text], call.Root, setsCaseAside: !isAfter) : "none";

    /// <summary>An allowed call, and what became of it.</summary>
    private sealed class Past(GeneratedCall call, DateTime decidedAt)
    {
        public GeneratedCall Call { get; } = call;

        public DateTime DecidedAt { get; } = decidedAt;

        public ToolCallOutcome? Outcome { get; set; }

        public DateTime ReportedAt { get; set; }
    }
}
